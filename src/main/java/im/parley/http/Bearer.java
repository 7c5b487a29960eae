package im.parley.http;

import im.parley.auth.ServiceTokens;
import im.parley.protocol.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Lets pass whoever presents a service token, and anyone when none is required. */
record Bearer(ServiceTokens tokens) implements Handler<RoutingContext> {

  boolean allows(RoutingContext context) {
    return tokens.allows(context.request().getHeader("Authorization"));
  }

  @Override
  public void handle(RoutingContext context) {
    if (allows(context)) {
      context.next();
    } else {
      context.response().putHeader("WWW-Authenticate", "Bearer"); // RFC 6750 §3
      Answers.refuse(
          context,
          401,
          ErrorCode.UNAUTHORIZED,
          "Authorization: expected Bearer and a service token");
    }
  }
}
