package im.parley.grpc;

import static im.parley.testing.TestNode.await;
import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.grpc.v1.HistoryRequest;
import im.parley.grpc.v1.HistoryResponse;
import im.parley.grpc.v1.KickRequest;
import im.parley.grpc.v1.KickResponse;
import im.parley.grpc.v1.ListSessionsRequest;
import im.parley.grpc.v1.ListSessionsResponse;
import im.parley.grpc.v1.MessagesGrpcClient;
import im.parley.grpc.v1.PresenceGrpcClient;
import im.parley.grpc.v1.QueryPresenceRequest;
import im.parley.grpc.v1.SendRequest;
import im.parley.grpc.v1.SendResult;
import im.parley.grpc.v1.Session;
import im.parley.grpc.v1.SessionsGrpcClient;
import im.parley.grpc.v1.UserPresence;
import im.parley.grpc.v1.WatchPresenceEvent;
import im.parley.grpc.v1.WatchPresenceRequest;
import im.parley.testing.ChatClient;
import im.parley.testing.ChildNode;
import im.parley.testing.Http;
import im.parley.testing.TestCluster;
import im.parley.testing.TestNode;
import io.grpc.examples.protobuf.AccServerGrpcClient;
import io.grpc.examples.protobuf.GetUserListReq;
import io.grpc.examples.protobuf.QueryUsersOnlineReq;
import io.grpc.examples.protobuf.SendMsgAllReq;
import io.grpc.examples.protobuf.SendMsgReq;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.GrpcStatus;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What services and operators ask of one node about users of another, whose clock is ahead. */
class ClusterCallsIT {
  private static final int BUSY = 1106;
  private static final String PATIENT = "cluster.failure-timeout=15s"; // longer than a call takes

  @TempDir static Path data;
  private static TestCluster cluster;
  private static TestNode one;
  private static TestNode two;
  private static Vertx vertx;
  private static Caller caller; // of node one

  @BeforeAll
  static void start() throws Exception {
    cluster = new TestCluster(data, 3);
    one = cluster.node(0, "sessions.offline-grace=0s", PATIENT);
    Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(3));
    two = cluster.node(1, ahead, "sessions.offline-grace=0s", PATIENT);
    vertx = Vertx.vertx();
    caller = new Caller(vertx, SocketAddress.inetSocketAddress(one.grpcPort(), "127.0.0.1"));
  }

  @AfterAll
  static void stop() throws Exception {
    caller.close();
    await(vertx.close());
    cluster.close();
  }

  @Test
  void messages_reach_the_other_node_and_are_read_from_either() throws Exception {
    try (ChatClient bob = ChatClient.login(two.wsPort(), "m-bob", "b")) {
      var sent = caller.call(MessagesGrpcClient.Send, text("m-bob", "c0"));
      assertThat(bob.push("msg").getString("id")).isEqualTo(sent.reply().getId());

      GrpcClientRequest<SendRequest, SendResult> many =
          await(caller.client.request(caller.address, MessagesGrpcClient.SendMany));
      Future<Caller.Outcome<SendResult>> results = many.response().compose(Caller::outcome);
      for (int i = 1; i <= 50; i++) {
        many.write(text("m-bob", "c" + i));
      }
      many.end();
      assertThat(await(results).replies()).hasSize(50);
      for (int i = 1; i <= 50; i++) {
        assertThat(bob.push("msg").getString("cid")).isEqualTo("c" + i);
      }
      HistoryResponse history =
          caller
              .call(
                  MessagesGrpcClient.History,
                  HistoryRequest.newBuilder().setConversation("direct:m-bob:shop").build())
              .reply();
      assertThat(history.getHead()).isEqualTo(51);
    }
  }

  @Test
  void sessions_are_listed_with_their_node_and_closed_from_any() throws Exception {
    ChatClient here = new ChatClient(one.wsPort());
    ChatClient there = new ChatClient(two.wsPort());
    try (here;
        there) {
      String first = here.ask("login", ChatClient.loginData("s-bob", "a")).getString("node");
      String second = there.ask("login", ChatClient.loginData("s-bob", "b")).getString("node");
      assertThat(list("s-bob").reply().getSessionsList())
          .extracting(Session::getNode)
          .containsExactlyInAnyOrder(first, second)
          .doesNotHaveDuplicates();
      for (TestNode node : List.of(one, two)) {
        JsonArray listed = admin(node, "s-bob");
        assertThat(listed.stream().map(each -> ((JsonObject) each).getString("node")))
            .containsExactlyInAnyOrder(first, second);
      }
      long id =
          list("s-bob").reply().getSessionsList().stream()
              .filter(session -> session.getNode().equals(second))
              .findFirst()
              .orElseThrow()
              .getId();
      assertThat(kick(KickRequest.newBuilder().setUser("s-bob").addSessions(id))).isEqualTo(1);
      assertThat(there.closeCode()).isEqualTo(4501);
      assertThat(list("s-bob").reply().getSessionsList())
          .extracting(Session::getNode)
          .containsExactly(first);
      String answer =
          Http.postJson(adminUri(two, "/admin/kick"), "{\"user\":\"s-bob\",\"reason\":\"banned\"}")
              .body();
      assertThat(new JsonObject(answer).getJsonObject("data").getInteger("kicked")).isEqualTo(1);
      assertThat(here.closeCode()).isEqualTo(4502);
      assertThat(admin(one, "s-bob")).isEmpty();
    }
  }

  @Test
  void a_watch_hears_of_changes_on_the_other_node() throws Exception {
    List<WatchPresenceEvent> events = new CopyOnWriteArrayList<>();
    GrpcClientRequest<WatchPresenceRequest, WatchPresenceEvent> watch =
        await(caller.client.request(caller.address, PresenceGrpcClient.Watch));
    watch.response().onSuccess(response -> response.handler(events::add));
    watch.end(WatchPresenceRequest.newBuilder().addUsers("w-bob").build());
    await(watch.response());
    until("the snapshot came", () -> !events.isEmpty());
    assertThat(last(events).getOnline()).isFalse();
    try (ChatClient bob = ChatClient.login(two.wsPort(), "w-bob", "b")) {
      until("bob came", () -> last(events).getOnline());
      assertThat(presence("w-bob").reply().getUsers(0).getPlatformsList()).containsExactly("web");
      bob.ask("heartbeat", new JsonObject());
    }
    until("bob went", () -> !last(events).getOnline());
    watch.cancel();
  }

  @Test
  void prims_peers_reach_the_users_of_the_other_node() {
    try (ChatClient bob = new ChatClient(two.wsPort())) {
      bob.ask("login", new JsonObject().put("userID", "p-bob").put("appID", 103));
      // prim's logins are answered at once; the other node hears of them a moment later.
      var asked = QueryUsersOnlineReq.newBuilder().setAppID(103).setUserID("p-bob").build();
      until(
          "he is online",
          () -> caller.call(AccServerGrpcClient.QueryUsersOnline, asked).reply().getOnline());
      var list = GetUserListReq.newBuilder().setAppID(103).build();
      until(
          "he is in the list",
          () ->
              caller
                  .call(AccServerGrpcClient.GetUserList, list)
                  .reply()
                  .getUserIDList()
                  .equals(List.of("p-bob")));
      var message = SendMsgReq.newBuilder().setAppID(103).setUserID("p-bob").setMsg("hi").build();
      assertThat(caller.call(AccServerGrpcClient.SendMsg, message).reply().getRetCode())
          .isEqualTo(200);
      assertThat(bob.push("msg").getString("msg")).isEqualTo("hi");
      var all = SendMsgAllReq.newBuilder().setAppID(103).setUserID("x").setMsg("all").build();
      assertThat(caller.call(AccServerGrpcClient.SendMsgAll, all).reply().getRetCode())
          .isEqualTo(200);
      assertThat(bob.push("msg").getString("msg")).isEqualTo("all");
    }
  }

  @Test
  void of_many_logins_of_one_device_on_both_nodes_one_stays() {
    List<ChatClient> clients = new ArrayList<>();
    try (ChatClient sender = ChatClient.login(one.wsPort(), "l-amy", "a")) {
      for (int i = 0; i < 40; i++) {
        clients.add(new ChatClient((i % 2 == 0 ? one : two).wsPort()));
      }
      clients.forEach(client -> client.post("login", ChatClient.loginData("l-bob", "phone")));
      List<ChatClient> in = new ArrayList<>();
      for (ChatClient client : clients) {
        JsonObject frame = client.frameOrEnd();
        if (frame != null
            && "login".equals(frame.getString("action"))
            && frame.getJsonObject("response").getInteger("code") == 200) {
          in.add(client);
        }
      }
      sender.send("l-bob", "to-the-survivor", "hello");
      int survivors = 0;
      for (ChatClient client : in) {
        JsonObject frame = client.frameOrEnd();
        survivors += frame != null && "msg".equals(frame.getString("action")) ? 1 : 0;
      }
      assertThat(survivors).isEqualTo(1);
      assertThat(list("l-bob").reply().getSessionsList()).hasSize(1);
      // A login after all that replaces it from either node, whichever clock is ahead.
      for (TestNode node : List.of(one, two, one)) {
        ChatClient next = ChatClient.login(node.wsPort(), "l-bob", "phone");
        clients.add(next);
        assertThat(list("l-bob").reply().getSessionsList()).hasSize(1);
        next.ask("heartbeat", new JsonObject());
      }
    } finally {
      clients.forEach(ChatClient::close);
    }
  }

  @Test
  void while_a_node_is_frozen_callers_are_told_to_try_again_and_later_all_is_well()
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (ChildNode three = cluster.child(2, PATIENT)) {
      ChatClient.login(three.wsPort(), "f-bob", "b");
      until("it is known", () -> list("f-bob").reply().getSessionsCount() == 1);

      three.freeze();

      List<CompletableFuture<Caller.Outcome<?>>> calls =
          List.of(
              CompletableFuture.supplyAsync(() -> list("f-bob"), threads),
              CompletableFuture.supplyAsync(() -> presence("f-bob"), threads));
      for (CompletableFuture<Caller.Outcome<?>> call : calls) {
        Caller.Outcome<?> outcome = call.get();
        assertThat(outcome.status()).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED);
        assertThat(outcome.reason()).isEqualTo("BUSY");
        assertThat(Long.parseLong(outcome.retryAfter())).isPositive();
      }
      // Until it is taken for dead a message to its user is stored all the same.
      assertThat(caller.call(MessagesGrpcClient.Send, text("f-bob", "c1")).status())
          .isEqualTo(GrpcStatus.OK);
      try (ChatClient bob = new ChatClient(two.wsPort())) {
        await(
            () -> bob.code("login", ChatClient.loginData("f-bob", "b")),
            code -> {
              assertThat(code).isIn(200, BUSY);
              return code == 200;
            },
            "the login");
        // The node that answers calls takes it for dead in its own time.
        until("calls are answered again", () -> list("f-bob").status() == GrpcStatus.OK);
        until("so is presence", () -> presence("f-bob").status() == GrpcStatus.OK);
        ListSessionsResponse listed = list("f-bob").reply();
        assertThat(listed.getSessionsCount())
            .as(
                "at two: %s, at one: %s, and again: %s",
                admin(two, "f-bob"), admin(one, "f-bob"), list("f-bob"))
            .isEqualTo(1);
        assertThat(presence("f-bob").reply().getUsers(0).getOnline()).isTrue();
        assertThat(bob.syncAll()).extracting(each -> each.getString("cid")).containsExactly("c1");
        caller.call(MessagesGrpcClient.Send, text("f-bob", "c2"));
        JsonObject pushed = bob.push("msg");
        while (pushed.getLong("offset") == 1) { // what was waiting for the directory comes late
          pushed = bob.push("msg");
        }
        assertThat(pushed.getString("cid")).isEqualTo("c2");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static SendRequest text(String user, String cid) {
    return SendRequest.newBuilder().setFrom("shop").setUser(user).setCid(cid).setText("x").build();
  }

  private static Caller.Outcome<ListSessionsResponse> list(String user) {
    return caller.call(
        SessionsGrpcClient.List, ListSessionsRequest.newBuilder().setUser(user).build());
  }

  private static Caller.Outcome<im.parley.grpc.v1.QueryPresenceResponse> presence(String user) {
    return caller.call(
        PresenceGrpcClient.Query, QueryPresenceRequest.newBuilder().addUsers(user).build());
  }

  private static int kick(KickRequest.Builder request) {
    Caller.Outcome<KickResponse> outcome = caller.call(SessionsGrpcClient.Kick, request.build());
    return outcome.reply().getKicked();
  }

  private static UserPresence last(List<WatchPresenceEvent> events) {
    WatchPresenceEvent last = events.get(events.size() - 1);
    return last.getUsers(last.getUsersCount() - 1);
  }

  private static JsonArray admin(TestNode node, String user) {
    String body = Http.get(adminUri(node, "/admin/sessions?user=" + user)).body();
    return new JsonObject(body).getJsonObject("data").getJsonArray("sessions");
  }

  private static URI adminUri(TestNode node, String path) {
    return URI.create("http://127.0.0.1:" + node.adminPort() + path);
  }
}
