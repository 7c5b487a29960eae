package im.parley.http;

import im.parley.chat.Lobby;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * prim's routes, as its page and its callers know them: HTTP 200 whatever the outcome, keys inside
 * {@code data} in the order of the alphabet, parameters case-sensitive in the dialects that prim
 * has had, and none refused.
 */
final class PrimRoutes {
  private static final Future<Map<String, Object>> DUPLICATE = Future.succeededFuture(Map.of());

  private final Lobby lobby;
  private final SystemState state;
  private final Bearer bearer;

  PrimRoutes(Lobby lobby, SystemState state, Bearer bearer) {
    this.lobby = lobby;
    this.state = state;
    this.bearer = bearer;
  }

  void mount(Router router) {
    router.get("/user/list").handler(CrossOrigin::allow).handler(this::list);
    router.get("/user/online").handler(CrossOrigin::allow).handler(this::online);
    router.get("/system/state").handler(CrossOrigin::allow).handler(this::state);
    mountForm(router, "/user/sendMessage", this::send);
    mountForm(router, "/user/sendMessageAll", this::sendAll);
  }

  /**
   * The token is asked for before the body is read; a router wants a route of its own for what
   * comes before a body.
   */
  private void mountForm(Router router, String path, Handler<RoutingContext> handler) {
    router.post(path).handler(CrossOrigin::allow).handler(bearer);
    router
        .post(path)
        .handler(
            BodyHandler.create(false)
                .setBodyLimit(HttpOptions.MAX_BODY_BYTES)
                .setMergeFormAttributes(false))
        .handler(handler);
  }

  private void list(RoutingContext context) {
    Answers.when(
        context,
        lobby.users(query(context).app()),
        users -> data("userCount", users.size(), "userList", users));
  }

  private void online(RoutingContext context) {
    Parameters query = query(context);
    Answers.when(
        context,
        lobby.online(query.app(), query.user()),
        online -> data("online", online, "userID", query.user()));
  }

  private void send(RoutingContext context) {
    Parameters form = form(context);
    Answers.when(
        context,
        lobby
            .firstTime(form.messageId())
            .compose(
                first ->
                    first
                        ? lobby
                            .send(form.app(), form.user(), "msg", form.messageId(), form.message())
                            .map(there -> data("sendResults", there))
                        : DUPLICATE)
            .otherwise(
                failure ->
                    data("sendResults", false, "sendResultsErr", Refusal.of(failure).reason())),
        Function.identity());
  }

  private void sendAll(RoutingContext context) {
    Parameters form = form(context);
    Answers.when(
        context,
        lobby
            .firstTime(form.messageId())
            .compose(
                first -> {
                  if (!first) {
                    return DUPLICATE;
                  }
                  lobby.sendAll(form.app(), form.user(), "msg", form.messageId(), form.message());
                  return Future.succeededFuture(data("sendResults", true));
                }),
        Function.identity());
  }

  private void state(RoutingContext context) {
    boolean debug = query(context).isDebug();
    // The lists name users and addresses, so with tokens in force they are for services only.
    Answers.when(context, state.describe(debug && bearer.allows(context)), Function.identity());
  }

  private static Parameters query(RoutingContext context) {
    return new Parameters(context.queryParams());
  }

  private static Parameters form(RoutingContext context) {
    return new Parameters(context.request().formAttributes());
  }

  private static Map<String, Object> data(String key, Object value) {
    Map<String, Object> data = new TreeMap<>();
    data.put(key, value);
    return data;
  }

  private static Map<String, Object> data(String key, Object value, String key2, Object value2) {
    Map<String, Object> data = data(key, value);
    data.put(key2, value2);
    return data;
  }
}
