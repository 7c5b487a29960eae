package im.parley.grpc;

import static im.parley.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.grpc.v1.MessagesGrpcClient;
import im.parley.grpc.v1.SendRequest;
import im.parley.grpc.v1.SendResponse;
import im.parley.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/grpc.md tells the truth. */
class GuideIT {
  /** Codes that no call of this version can fail with. */
  private static final Set<ErrorCode> UNHEARD_OF =
      Set.of(
          ErrorCode.OK,
          ErrorCode.NOT_LOGGED_IN,
          ErrorCode.TOKEN_EXPIRED,
          ErrorCode.NO_DATA,
          ErrorCode.ADD_ERROR,
          ErrorCode.DELETE_ERROR,
          ErrorCode.STORE_ERROR);

  @TempDir Path data;

  @Test
  void the_table_has_each_reason_with_its_status() throws IOException {
    String guide = Files.readString(Path.of("docs/grpc.md"));
    for (ErrorCode code : ErrorCode.values()) {
      if (!UNHEARD_OF.contains(code)) {
        assertThat(
                guide
                    .lines()
                    .filter(
                        line -> line.startsWith("| `") && line.contains('`' + code.name() + '`')))
            .singleElement()
            .asString()
            .contains("| " + GrpcRefusals.status(code).name() + " |");
      }
    }
  }

  @Test
  void the_java_example_sends() {
    try (GrpcNode node = new GrpcNode(data, Map.of("auth.service-tokens", "s3cret"))) {
      assertThat(await(example(node, "s3cret")).getConversation()).isEqualTo("direct:ann:shop");
      assertThat(await(example(node, "s3cret")).getDuplicate()).isTrue();
      assertThat(await(example(node, "wrong").recover(failure -> Future.succeededFuture())))
          .as("a refused call fails")
          .isNull();
    }
  }

  private static Future<SendResponse> example(GrpcNode node, String token) {
    GrpcClient client =
        GrpcClient.client(
            node.vertx,
            new HttpClientOptions()
                .setHttp2ClearTextUpgrade(false)
                .setHttp2ConnectionWindowSize(4 << 20));
    return client
        .request(node.address(), MessagesGrpcClient.Send)
        .compose(
            request -> {
              request.headers().set("authorization", "Bearer " + token);
              Future<GrpcClientResponse<SendRequest, SendResponse>> response = request.response();
              request.end(
                  SendRequest.newBuilder()
                      .setFrom("shop")
                      .setUser("ann")
                      .setCid("order-4711-paid")
                      .setText("Your order is on its way")
                      .build());
              return response;
            })
        .compose(
            response ->
                response.status() == null || response.status() == GrpcStatus.OK
                    ? response.last()
                    : Future.failedFuture(
                        response.status() + " " + response.headers().get("parley-reason")));
  }
}
