package im.parley.http;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a router answers when no route did, or one failed. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** As prim: a short text, and a wrong method is an unknown route. */
  static void asText(Router router) {
    mount(router, Failures::text);
  }

  /** As JSON, with one reason. */
  static void asJson(Router router) {
    mount(router, Failures::json);
  }

  private static void mount(Router router, Handler<RoutingContext> answer) {
    router.route().failureHandler(context -> failed(context, answer));
    router.errorHandler(404, answer); // no route of this path
    router.errorHandler(405, answer); // none with this method
  }

  private static void failed(RoutingContext context, Handler<RoutingContext> answer) {
    HttpServerResponse response = context.response();
    if (response.closed() || response.ended()) {
      return; // the client went before its request was whole
    }
    if (status(context) >= 500) {
      log.warn("request failed [path: {}]", context.request().path(), context.failure());
    }
    answer.handle(context);
  }

  private static void text(RoutingContext context) {
    int status = status(context);
    String text =
        switch (status) {
          case 400 -> "400 bad request";
          case 404 -> "404 page not found";
          case 413 -> "413 body over " + HttpOptions.MAX_BODY_BYTES + " bytes";
          default -> status + " internal error";
        };
    context.response().setStatusCode(status).putHeader("Content-Type", "text/plain").end(text);
  }

  private static void json(RoutingContext context) {
    int status = status(context);
    switch (status) {
      case 400 -> Answers.refuse(context, status, ErrorCode.ILLEGAL_PARAMETER, badInput(context));
      case 404 ->
          Answers.refuse(
              context, status, ErrorCode.NO_ROUTE, "no such route, or not with this method");
      case 413 ->
          Answers.refuse(
              context,
              status,
              ErrorCode.TOO_LARGE,
              "body: expected at most " + HttpOptions.MAX_BODY_BYTES + " bytes");
      default -> {
        Refusal refusal = Refusal.of(context.failure());
        Answers.refuse(context, status, refusal.code(), refusal.reason());
      }
    }
  }

  private static String badInput(RoutingContext context) {
    return context.failure() instanceof BadInput input
        ? input.getMessage()
        : "the path, query or form is malformed";
  }

  private static int status(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof BadInput) {
      return 400;
    }
    if (failure instanceof Refusal refusal && refusal.code().retryable()) {
      return 503;
    }
    int status =
        failure instanceof HttpException http ? http.getStatusCode() : context.statusCode();
    return switch (status) {
      case 400, 404, 413 -> status;
      case 405 -> 404;
      default -> 500;
    };
  }
}
