package im.parley.http;

import im.parley.auth.ServiceTokens;
import im.parley.chat.Logins;
import im.parley.chat.SessionInfo;
import im.parley.session.Gateway;
import im.parley.session.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The operators' API. Asks for a service token whenever one is required. */
public final class AdminRoutes {
  private final Logins logins;
  private final Router sessions;
  private final Bearer bearer;
  private final ConnectionCensus census;
  private final Supplier<DrainProgress> drain;

  /** The routes of one node. */
  public AdminRoutes(
      Logins logins,
      Router sessions,
      ServiceTokens tokens,
      ConnectionCensus census,
      Supplier<DrainProgress> drain) {
    this.logins = logins;
    this.sessions = sessions;
    this.bearer = new Bearer(tokens);
    this.census = census;
    this.drain = drain;
  }

  void mount(io.vertx.ext.web.Router router) {
    router.route("/admin/*").handler(bearer);
    router.get("/admin/sessions").handler(this::sessions);
    router.get("/admin/state").handler(this::state);
    router
        .post("/admin/kick")
        .handler(BodyHandler.create(false).setBodyLimit(HttpOptions.MAX_BODY_BYTES))
        .handler(this::kick);
  }

  private void sessions(RoutingContext context) {
    String user = context.queryParams().get("user");
    if (user == null || user.isEmpty()) {
      throw new BadInput("user: missing, expected the id of a user");
    }
    Answers.when(
        context,
        logins.sessions(user),
        found -> Map.of("sessions", found.stream().map(AdminRoutes::describe).toList()));
  }

  private void kick(RoutingContext context) {
    // A page of another origin cannot send this type without being asked first, so it cannot kick
    // in an operator's name.
    String type = context.request().getHeader("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      throw new BadInput("Content-Type: " + type + ", expected application/json");
    }
    Kick kick = Kick.of(context.body().asString());
    Answers.when(
        context,
        logins.kick(kick.user(), kick.sessions(), kick.reason()),
        kicked -> Map.of("kicked", kicked));
  }

  private void state(RoutingContext context) {
    Answers.when(
        context,
        sessions.askHere(AdminRoutes::describe),
        loops -> {
          Map<String, Object> state = new LinkedHashMap<>();
          state.put("version", Version.TEXT);
          state.put("connections", census.connections());
          state.put("drain", drain.get().describe());
          state.put("loops", loops);
          return state;
        });
  }

  private static Map<String, Object> describe(Gateway gateway) {
    Map<String, Object> loop = new LinkedHashMap<>();
    loop.put("loop", gateway.index());
    loop.put("sessions", gateway.size());
    loop.put("topics", gateway.topics().size());
    loop.put("inbox", gateway.inbox().size());
    loop.put("inboxRefused", gateway.inbox().refused());
    return loop;
  }

  private static Map<String, Object> describe(SessionInfo info) {
    Map<String, Object> session = new LinkedHashMap<>();
    session.put("id", Long.toString(info.id()));
    session.put("user", info.user());
    session.put("platform", info.platform());
    session.put("device", info.device());
    session.put("remote", info.remote());
    session.put("node", info.node());
    return session;
  }
}
