package im.parley.grpc;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.grpc.common.GrpcStatus;

/**
 * How a refusal looks in gRPC: the one table of statuses, and the trailers that name the reason.
 */
final class GrpcRefusals {
  /** Trailer: the name of the {@link ErrorCode}. */
  static final String REASON = "parley-reason";

  /** Trailer: milliseconds after which the same call may succeed; only with a retryable reason. */
  static final String RETRY_AFTER = "parley-retry-after-ms";

  private static final int MAX_TEXT =
      300; // a client bounds what it takes as headers, often at 8 KB

  private GrpcRefusals() {}

  static GrpcStatus status(ErrorCode code) {
    return switch (code) {
      case OK -> GrpcStatus.OK;
      case ILLEGAL_PARAMETER, ILLEGAL_USER, TOO_LARGE -> GrpcStatus.INVALID_ARGUMENT;
      case NOT_LOGGED_IN, UNAUTHORIZED, TOKEN_EXPIRED -> GrpcStatus.UNAUTHENTICATED;
      case NOT_MEMBER, FORBIDDEN, BLOCKED -> GrpcStatus.PERMISSION_DENIED;
      case NOT_FOUND, NO_DATA -> GrpcStatus.NOT_FOUND;
      case CONFLICT, EXISTS -> GrpcStatus.ALREADY_EXISTS;
      case GAP -> GrpcStatus.OUT_OF_RANGE;
      case OPERATION_FAILED -> GrpcStatus.FAILED_PRECONDITION;
      case RATE_LIMITED, BUSY -> GrpcStatus.RESOURCE_EXHAUSTED;
      case STORE_UNAVAILABLE -> GrpcStatus.UNAVAILABLE;
      case NO_ROUTE -> GrpcStatus.UNIMPLEMENTED;
      case SERVER_ERROR, ADD_ERROR, DELETE_ERROR, STORE_ERROR -> GrpcStatus.INTERNAL;
    };
  }

  /** Puts the reason, and when to try again, where a client looks for trailers. */
  static void describe(Refusal refusal, MultiMap trailers) {
    trailers.set(REASON, refusal.code().name());
    if (refusal.code().retryable()) {
      trailers.set(RETRY_AFTER, Long.toString(refusal.retryAfterMs()));
    }
  }

  /** The words for a person, cut to what fits a header. */
  static String text(Refusal refusal) {
    String text = refusal.reason();
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
  }
}
