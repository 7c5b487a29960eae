package im.parley.http;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a router answers when no handler did, or one failed. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** As prim: a short text, and a wrong method is an unknown route. */
  static void asText(Router router) {
    text(router, 400, 400, "400 bad request");
    text(router, 404, 404, "404 page not found");
    text(router, 405, 404, "404 page not found");
    text(router, 413, 413, "413 body over " + HttpOptions.MAX_BODY_BYTES + " bytes");
    router.errorHandler(
        500,
        context -> {
          warn(context);
          end(context, 500, "500 internal error");
        });
  }

  /** As JSON, with one reason. */
  static void asJson(Router router) {
    router.errorHandler(
        400,
        context ->
            refuse(context, 400, ErrorCode.ILLEGAL_PARAMETER, "the path or query is malformed"));
    router.errorHandler(404, context -> refuse(context, 404, ErrorCode.NO_ROUTE, "no such route"));
    router.errorHandler(
        405, context -> refuse(context, 404, ErrorCode.NO_ROUTE, "no such route for this method"));
    router.errorHandler(
        413,
        context ->
            refuse(
                context,
                413,
                ErrorCode.TOO_LARGE,
                "the body is over " + HttpOptions.MAX_BODY_BYTES + " bytes"));
    router.errorHandler(500, Failures::fault);
  }

  private static void fault(RoutingContext context) {
    if (context.failure() instanceof BadInput input) {
      refuse(context, 400, ErrorCode.ILLEGAL_PARAMETER, input.getMessage());
      return;
    }
    warn(context);
    Refusal refusal = Refusal.of(context.failure());
    refuse(context, refusal.code().retryable() ? 503 : 500, refusal.code(), refusal.reason());
  }

  private static void warn(RoutingContext context) {
    log.warn("request failed [path: {}]", context.request().path(), context.failure());
  }

  private static void text(Router router, int failure, int status, String text) {
    router.errorHandler(failure, context -> end(context, status, text));
  }

  private static void end(RoutingContext context, int status, String text) {
    if (!context.response().ended()) {
      context.response().setStatusCode(status).putHeader("Content-Type", "text/plain").end(text);
    }
  }

  private static void refuse(RoutingContext context, int status, ErrorCode code, String reason) {
    if (!context.response().ended()) {
      Answers.refuse(context, status, code, reason);
    }
  }
}
