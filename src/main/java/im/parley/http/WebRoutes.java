package im.parley.http;

import im.parley.config.AuthConfig;
import im.parley.protocol.Platform;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The pages: Parley's own, prim's, and what they load. */
final class WebRoutes {
  /**
   * Only this origin's scripts and styles, no inline ones, sockets to any port; nobody frames the
   * page.
   */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  /** What prim.html has in place of the room's number. */
  static final String APP_PLACEHOLDER = "{{appID}}";

  private static final String PREFIX = "/web/";

  private final WebFiles files;
  private final Map<String, Object> config;
  private final Map<Integer, WebFile> primPages =
      new LinkedHashMap<>(); // filled in the constructor only

  WebRoutes(WebFiles files, AuthConfig.Mode auth) {
    this.files = files;
    this.config = new LinkedHashMap<>();
    config.put("auth", auth.name().toLowerCase(Locale.ROOT));
    config.put("wsPath", "/acc");
    config.put("name", "Parley");
    config.put("version", Version.TEXT);
    WebFile prim = files.find("prim.html");
    for (int app = Platform.FIRST_APP; prim != null && app <= Platform.LAST_APP; app++) {
      primPages.put(app, prim.replacing(APP_PLACEHOLDER, Integer.toString(app)));
    }
  }

  void mount(Router router) {
    page(router, "/", context -> files.find("index.html"));
    page(router, "/home/index", this::primPage);
    router.get(PREFIX + "config.json").handler(this::config);
    page(router, PREFIX + "*", context -> files.find(name(context.request().path())));
  }

  /** The pattern takes the prefix without its slash too. */
  private static String name(String path) {
    return path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
  }

  private interface Page {
    WebFile of(RoutingContext context);
  }

  private static void page(Router router, String path, Page page) {
    router
        .route(path)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(context -> serve(context, page.of(context)));
  }

  private WebFile primPage(RoutingContext context) {
    WebFile page = primPages.get(new Parameters(context.queryParams()).app());
    return page == null ? primPages.get(Platform.FIRST_APP) : page;
  }

  private void config(RoutingContext context) {
    secure(context.response()).putHeader("Cache-Control", "no-cache");
    Answers.json(context, 200, config);
  }

  private static void serve(RoutingContext context, WebFile file) {
    if (file == null) {
      context.next();
      return;
    }
    HttpServerRequest request = context.request();
    HttpServerResponse response = secure(context.response());
    response
        .putHeader("ETag", file.tag())
        .putHeader("Last-Modified", file.lastModified())
        .putHeader("Cache-Control", "no-cache"); // names have no version in them, so each use asks
    if (file.isHad(request.getHeader("If-None-Match"), request.getHeader("If-Modified-Since"))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader("Content-Type", file.type());
    if (request.method() == HttpMethod.HEAD) {
      response.putHeader("Content-Length", Integer.toString(file.content().length())).end();
    } else {
      response.end(file.content());
    }
  }

  private static HttpServerResponse secure(HttpServerResponse response) {
    return response
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer");
  }
}
