package im.parley.http;

import im.parley.session.Gateway;
import im.parley.session.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whether to restart the node ({@code /health/live}) and whether to send it clients ({@code
 * /health/ready}). Neither needs a token.
 */
public final class HealthRoutes {
  /** A loop that has not answered for so long is stuck. */
  static final int LOOP_SECONDS = 5;

  private final Router sessions;
  private final Supplier<Health> health;

  /**
   * @param sessions its gateways are asked whether they turn
   * @param health asked on an event loop, so it must not block
   */
  public HealthRoutes(Router sessions, Supplier<Health> health) {
    this.sessions = sessions;
    this.health = health;
  }

  void mount(io.vertx.ext.web.Router router) {
    router.get("/health/live").handler(this::live);
    router.get("/health/ready").handler(this::ready);
  }

  private void live(RoutingContext context) {
    sessions
        .askHere(Gateway::index)
        .timeout(LOOP_SECONDS, TimeUnit.SECONDS)
        .onSuccess(loops -> Answers.json(context, 200, status("live", "loops", loops.size())))
        .onFailure(
            stuck ->
                Answers.json(
                    context,
                    503,
                    status(
                        "stuck",
                        "reason",
                        "an event loop has not answered for " + LOOP_SECONDS + " s")));
  }

  private void ready(RoutingContext context) {
    Health now = health.get();
    List<Map<String, Object>> checks = new ArrayList<>();
    checks.add(check("store readable", now.store().readable(), now.store().detail()));
    checks.add(check("store writable", now.store().writable(), now.store().detail()));
    checks.add(check("listening", now.listening(), "the ports are not open"));
    checks.add(check("not draining", !now.draining(), "the node is stopping"));
    Answers.json(
        context,
        now.ready() ? 200 : 503,
        status(now.ready() ? "ready" : "not ready", "checks", checks));
  }

  private static Map<String, Object> status(String status, String key, Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("status", status);
    map.put(key, value);
    return map;
  }

  private static Map<String, Object> check(String name, boolean ok, String detail) {
    Map<String, Object> check = new LinkedHashMap<>();
    check.put("check", name);
    check.put("ok", ok);
    check.put("detail", ok ? "" : detail);
    return check;
  }
}
