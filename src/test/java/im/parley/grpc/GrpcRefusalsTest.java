package im.parley.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcRefusalsTest {
  @ParameterizedTest
  @CsvSource({
    "ILLEGAL_PARAMETER, INVALID_ARGUMENT",
    "ILLEGAL_USER, INVALID_ARGUMENT",
    "TOO_LARGE, INVALID_ARGUMENT",
    "UNAUTHORIZED, UNAUTHENTICATED",
    "TOKEN_EXPIRED, UNAUTHENTICATED",
    "NOT_LOGGED_IN, UNAUTHENTICATED",
    "NOT_MEMBER, PERMISSION_DENIED",
    "FORBIDDEN, PERMISSION_DENIED",
    "BLOCKED, PERMISSION_DENIED",
    "NOT_FOUND, NOT_FOUND",
    "CONFLICT, ALREADY_EXISTS",
    "EXISTS, ALREADY_EXISTS",
    "GAP, OUT_OF_RANGE",
    "OPERATION_FAILED, FAILED_PRECONDITION",
    "RATE_LIMITED, RESOURCE_EXHAUSTED",
    "BUSY, RESOURCE_EXHAUSTED",
    "STORE_UNAVAILABLE, UNAVAILABLE",
    "NO_ROUTE, UNIMPLEMENTED",
    "SERVER_ERROR, INTERNAL",
  })
  void each_code_has_its_status(ErrorCode code, GrpcStatus status) {
    assertThat(GrpcRefusals.status(code)).isEqualTo(status);
  }

  @Test
  void no_code_but_ok_looks_like_success() {
    assertThat(
            Arrays.stream(ErrorCode.values())
                .filter(code -> GrpcRefusals.status(code) == GrpcStatus.OK))
        .containsExactly(ErrorCode.OK);
  }

  @Test
  void only_retryable_codes_say_when_to_try_again() {
    for (ErrorCode code : ErrorCode.values()) {
      MultiMap trailers = MultiMap.caseInsensitiveMultiMap();
      GrpcRefusals.describe(new Refusal(code, "x", 250), trailers);
      assertThat(trailers.get("parley-reason")).isEqualTo(code.name());
      assertThat(trailers.get("parley-retry-after-ms")).isEqualTo(code.retryable() ? "250" : null);
    }
  }

  @Test
  void a_long_text_is_cut_to_fit_a_header() {
    assertThat(GrpcRefusals.text(new Refusal(ErrorCode.NOT_FOUND, "x".repeat(100_000))))
        .hasSize(301)
        .endsWith("…");
  }
}
