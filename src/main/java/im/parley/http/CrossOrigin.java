package im.parley.http;

import io.vertx.ext.web.RoutingContext;

/** The headers with which prim's answers may be read by pages of any origin. */
final class CrossOrigin {
  private CrossOrigin() {}

  static void allow(RoutingContext context) {
    context
        .response()
        .headers()
        .set("Access-Control-Allow-Origin", "*")
        .set("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE,UPDATE")
        .set(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Accept, Origin, X-Requested-With")
        .set("Access-Control-Expose-Headers", "Content-Length, Content-Type")
        .set("Access-Control-Allow-Credentials", "true");
    context.next();
  }
}
