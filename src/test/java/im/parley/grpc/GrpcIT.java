package im.parley.grpc;

import static im.parley.testing.Waiting.await;
import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.grpc.v1.HistoryRequest;
import im.parley.grpc.v1.HistoryResponse;
import im.parley.grpc.v1.KickReason;
import im.parley.grpc.v1.KickRequest;
import im.parley.grpc.v1.ListSessionsRequest;
import im.parley.grpc.v1.Message;
import im.parley.grpc.v1.MessagesGrpcClient;
import im.parley.grpc.v1.PresenceGrpcClient;
import im.parley.grpc.v1.QueryPresenceRequest;
import im.parley.grpc.v1.SendRequest;
import im.parley.grpc.v1.SendResponse;
import im.parley.grpc.v1.SendResult;
import im.parley.grpc.v1.Session;
import im.parley.grpc.v1.SessionsGrpcClient;
import im.parley.grpc.v1.UserPresence;
import im.parley.grpc.v1.WatchPresenceEvent;
import im.parley.grpc.v1.WatchPresenceRequest;
import im.parley.protocol.CloseCode;
import im.parley.session.Topics;
import im.parley.store.RoomStore.JoinPolicy;
import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** parley.v1 over a real port, store and gateways. */
class GrpcIT {
  @TempDir Path data;
  private GrpcNode node;
  private Caller caller;

  @BeforeEach
  void start() {
    node =
        new GrpcNode(
            data,
            Map.of(
                "sessions.max-watched",
                "50",
                "chat.max-body-bytes",
                "1000",
                "chat.page-limit",
                "20"));
    caller = new Caller(node.vertx, node.address());
  }

  @AfterEach
  void stop() {
    caller.close();
    node.close();
  }

  @Test
  void both_event_loops_share_the_chosen_port() {
    assertThat(node.verticles).hasSize(2);
    assertThat(node.verticles.get(0).actualPort())
        .isPositive()
        .isEqualTo(node.verticles.get(1).actualPort());
  }

  @Nested
  class Presence {
    @Test
    void a_query_tells_who_is_online_and_where_in_the_order_asked() {
      node.login(0, "ann", "web");
      node.login(1, "ann", "ios");
      node.login(1, "bob", "android");

      assertThat(query("eve", "bob", "ann"))
          .containsExactly(state("eve"), state("bob", "android"), state("ann", "ios", "web"));
    }

    @Test
    void a_query_for_too_many_users_or_for_none_that_could_be_is_refused() {
      List<String> many = IntStream.rangeClosed(0, 50).mapToObj(i -> "u" + i).toList();

      assertThat(presence(many).reason()).isEqualTo("TOO_LARGE");
      assertThat(presence(List.of("ann", "")).reason()).isEqualTo("ILLEGAL_USER");
      assertThat(presence(List.of("a\nb")).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    @Test
    void a_watch_begins_with_a_snapshot_and_goes_on_with_changes() {
      Device ann = node.login(0, "ann", "web");
      Watch watch = watch("bob", "ann");
      until("the snapshot came", () -> !watch.events.isEmpty());
      assertThat(watch.events.get(0).getUsersList())
          .containsExactly(state("bob"), state("ann", "web"));

      node.login(1, "bob", "ios");
      until("bob came", () -> watch.last("bob").equals(state("bob", "ios")));
      node.leave(ann);
      until("ann went", () -> watch.last("ann").equals(state("ann")));
      node.login(1, "ann", "android");
      until("ann came back", () -> watch.last("ann").equals(state("ann", "android")));
    }

    @Test
    void a_state_that_did_not_change_is_not_told_again() {
      node.login(0, "ann", "web");
      Watch watch = watch("ann", "ann", "bob");
      until("the snapshot came", () -> !watch.events.isEmpty());

      node.login(1, "ann", "web"); // replaces the first: online all the while
      node.login(1, "bob", "web");
      until("bob came", () -> watch.last("bob").getOnline());

      assertThat(
              watch.events.stream()
                  .flatMap(event -> event.getUsersList().stream())
                  .filter(UserPresence::getOnline))
          .containsOnlyOnce(state("ann", "web"));
    }

    @Test
    void a_watch_that_its_caller_cancels_leaves_nothing_behind() {
      Watch watch = watch("ann");
      until("the snapshot came", () -> !watch.events.isEmpty());
      assertThat(node.router.listened(Topics.presence("ann")).result()).isTrue();

      watch.request.cancel();

      until("nobody listens", () -> !node.router.listened(Topics.presence("ann")).result());
    }

    @Test
    void a_watch_whose_connection_is_lost_leaves_nothing_behind() {
      Watch watch = watch("ann", "bob");
      until("the snapshot came", () -> !watch.events.isEmpty());

      watch.request.connection().close();

      until(
          "nobody listens",
          () ->
              !node.router.listened(Topics.presence("ann")).result()
                  && !node.router.listened(Topics.presence("bob")).result());
    }

    @Test
    void a_watcher_that_does_not_read_gets_the_newest_state_when_it_does() {
      List<String> names =
          IntStream.range(0, 50).mapToObj(i -> "u" + i + "-" + "x".repeat(50)).toList();
      Watch watch = watch(names.toArray(String[]::new));
      until("the snapshot came", () -> !watch.events.isEmpty());
      watch.response.pause();

      for (int round = 0; round < 40; round++) {
        for (String name : names) {
          Device device = node.login(round % 2, name, "web");
          if (round < 39 || name.hashCode() % 2 == 0) {
            node.leave(device);
          }
        }
      }
      watch.response.resume();

      for (String name : names) {
        until(
            "the last state of " + name + " came",
            () -> watch.last(name).getOnline() == (name.hashCode() % 2 != 0));
      }
    }

    @Test
    void a_watch_of_nobody_or_of_too_many_is_refused() {
      List<String> many = IntStream.rangeClosed(0, 50).mapToObj(i -> "u" + i).toList();

      assertThat(
              caller
                  .call(
                      PresenceGrpcClient.Watch,
                      WatchPresenceRequest.newBuilder().addAllUsers(many).build())
                  .reason())
          .isEqualTo("TOO_LARGE");
      assertThat(
              caller
                  .call(PresenceGrpcClient.Watch, WatchPresenceRequest.getDefaultInstance())
                  .reason())
          .isEqualTo("ILLEGAL_PARAMETER");
    }

    @Test
    void a_stopping_node_ends_its_watches_with_unavailable() {
      Watch watch = watch("ann");
      until("the snapshot came", () -> !watch.events.isEmpty());

      await(node.vertx.undeploy(node.deployment));

      until("the watch ended", () -> watch.response.status() != null);
      assertThat(watch.response.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
    }
  }

  @Nested
  class Send {
    @Test
    void a_message_is_stored_and_reaches_both_users_devices() {
      Device ann = node.login(0, "ann", "web");
      Device bob = node.login(1, "bob", "ios");

      SendResponse sent = send(text("ann", "bob", "c1", "hi")).reply();

      assertThat(sent.getConversation()).isEqualTo("direct:ann:bob");
      assertThat(sent.getOffset()).isEqualTo(1);
      assertThat(sent.getDuplicate()).isFalse();
      assertThat(sent.getEpoch()).isNotEmpty();
      assertThat(sent.getTime()).isPositive();
      until("bob has it", () -> bob.pushes.size() == 1);
      until("ann has it", () -> ann.pushes.size() == 1);
      assertThat(bob.pushes.get(0))
          .contains(sent.getId(), "\"from\":\"ann\"", "\"platform\":\"service\"", "\"msg\":\"hi\"");
    }

    @Test
    void a_repeated_send_returns_the_first_and_delivers_nothing() {
      Device bob = node.login(0, "bob", "web");
      SendResponse first = send(text("ann", "bob", "c1", "hi")).reply();

      SendResponse again = send(text("ann", "bob", "c1", "hi")).reply();
      send(text("ann", "bob", "c2", "end"));

      assertThat(again).isEqualTo(first.toBuilder().setDuplicate(true).build());
      until("the end came", () -> bob.pushes.stream().anyMatch(push -> push.contains("end")));
      assertThat(bob.pushes).hasSize(2);
    }

    @Test
    void a_repeated_send_may_format_its_json_otherwise() {
      SendRequest.Builder request = to("ann", "bob", "c1").setType("custom");
      send(request.setJson("{\"a\":9007199254740993, \"b\":[1.50,null]}").build());

      Caller.Outcome<SendResponse> again =
          send(request.setJson(" {\"a\" : 9007199254740993,\"b\":[1.50, null]}").build());

      assertThat(again.reply().getDuplicate()).isTrue();
      assertThat(history("direct:ann:bob").getMessages(0).getJson()).contains("9007199254740993");
    }

    @Test
    void a_used_cid_with_other_content_is_a_conflict() {
      send(text("ann", "bob", "c1", "hi"));

      Caller.Outcome<SendResponse> other = send(text("ann", "bob", "c1", "ho"));

      assertThat(other.status()).isEqualTo(GrpcStatus.ALREADY_EXISTS);
      assertThat(other.reason()).isEqualTo("CONFLICT");
      assertThat(other.retryAfter()).isNull();
    }

    @Test
    void a_member_sends_to_a_room_and_another_user_may_not() {
      await(node.chat.rooms().create("ann", "den", "Den", List.of("bob"), JoinPolicy.OPEN));
      Device bob = node.login(1, "bob", "web");

      SendResponse sent = send(toRoom("ann", "den", "c1")).reply();

      assertThat(sent.getConversation()).isEqualTo("room:den");
      until("bob has it", () -> bob.pushes.stream().anyMatch(push -> push.contains(sent.getId())));
      Caller.Outcome<SendResponse> stranger = send(toRoom("eve", "den", "c1"));
      assertThat(stranger.status()).isEqualTo(GrpcStatus.PERMISSION_DENIED);
      assertThat(stranger.reason()).isEqualTo("NOT_MEMBER");
      assertThat(send(toRoom("ann", "nowhere", "c1")).reason()).isEqualTo("NOT_FOUND");
    }

    @Test
    void what_is_no_message_is_refused() {
      SendRequest good = text("ann", "bob", "c1", "hi");

      assertThat(reason(good.toBuilder().setFrom(""))).isEqualTo("ILLEGAL_USER");
      assertThat(reason(good.toBuilder().setFrom("x".repeat(65)))).isEqualTo("ILLEGAL_USER");
      assertThat(reason(good.toBuilder().setUser("a\tb"))).isEqualTo("ILLEGAL_USER");
      assertThat(reason(good.toBuilder().clearTo())).isEqualTo("ILLEGAL_PARAMETER");
      assertThat(reason(good.toBuilder().setRoom("no room/"))).isEqualTo("ILLEGAL_PARAMETER");
      assertThat(reason(good.toBuilder().setCid(""))).isEqualTo("ILLEGAL_PARAMETER");
      assertThat(reason(good.toBuilder().setType("poem"))).isEqualTo("ILLEGAL_PARAMETER");
      assertThat(reason(good.toBuilder().clearContent())).isEqualTo("ILLEGAL_PARAMETER");
      assertThat(reason(good.toBuilder().setText("x".repeat(1001)))).isEqualTo("TOO_LARGE");
      for (String json :
          List.of(
              "",
              " ",
              "[]",
              "null",
              "\"x\"",
              "{",
              "{}{}",
              "{\"a\":1e999}",
              "{\"offset\":1}",
              "{\"from\":\"eve\"}")) {
        assertThat(reason(good.toBuilder().setJson(json))).as(json).isEqualTo("ILLEGAL_PARAMETER");
      }
      assertThat(history("direct:ann:bob").getHead()).isZero();
    }

    @Test
    void a_store_that_is_closed_is_unavailable_and_says_when_to_try_again() {
      node.closeStore();

      Caller.Outcome<SendResponse> outcome = send(text("ann", "bob", "c1", "hi"));

      assertThat(outcome.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
      assertThat(outcome.reason()).isEqualTo("STORE_UNAVAILABLE");
      assertThat(Long.parseLong(outcome.retryAfter())).isPositive();
    }

    private String reason(SendRequest.Builder request) {
      return send(request.build()).reason();
    }
  }

  @Nested
  class SendMany {
    @Test
    void a_thousand_messages_get_their_results_in_order_and_lie_in_the_log_in_order() {
      List<SendRequest> requests =
          IntStream.range(0, 1_000).mapToObj(i -> text("ann", "bob", "c" + i, "m" + i)).toList();

      List<SendResult> results = sendMany(requests);

      assertThat(results).extracting(SendResult::getCid).containsExactlyElementsOf(cids(requests));
      assertThat(results)
          .extracting(result -> result.getSent().getOffset())
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 1_000).boxed().toList());
    }

    @Test
    void messages_to_a_room_keep_the_order_of_the_stream() {
      await(node.chat.rooms().create("ann", "den", "Den", List.of("bob"), JoinPolicy.OPEN));
      List<SendRequest> requests =
          IntStream.range(0, 300)
              .mapToObj(i -> toRoom(i % 2 == 0 ? "ann" : "bob", "den", "c" + i))
              .toList();

      List<SendResult> results = sendMany(requests);

      assertThat(results)
          .extracting(result -> result.getSent().getOffset())
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 300).boxed().toList());
    }

    @Test
    void a_refused_message_has_its_reason_and_the_others_go_on() {
      List<SendResult> results =
          sendMany(
              List.of(
                  text("ann", "bob", "c1", "one"),
                  text("", "bob", "c2", "two"),
                  toRoom("ann", "nowhere", "c3"),
                  text("ann", "bob", "c1", "other"),
                  text("ann", "bob", "c1", "one"),
                  text("ann", "bob", "c5", "five")));

      assertThat(results)
          .extracting(
              result ->
                  result.hasSent()
                      ? "offset " + result.getSent().getOffset()
                      : result.getRefused().getReason())
          .containsExactly(
              "offset 1", "ILLEGAL_USER", "NOT_FOUND", "CONFLICT", "offset 1", "offset 2");
      assertThat(results.get(4).getSent().getDuplicate()).isTrue();
      assertThat(results.get(1).getRefused().getRetryAfterMs()).isZero();
    }

    @Test
    void an_empty_stream_ends_well() {
      assertThat(sendMany(List.of())).isEmpty();
    }

    @Test
    void a_caller_that_does_not_read_results_stops_itself_and_no_other() {
      GrpcClientRequest<SendRequest, SendResult> request =
          await(caller.client.request(caller.address, MessagesGrpcClient.SendMany));
      request.response().onSuccess(GrpcClientResponse::pause);
      int total = 8_000;
      for (int i = 0; i < total; i++) {
        request.write(text("ann", "bob", "c" + i, "m".repeat(200)));
      }
      request.end();
      until("much was stored", () -> history("direct:ann:bob").getHead() > SendStream.WINDOW);

      // The log stops growing while the results wait, and the same connection still serves others.
      assertThat(send(text("eve", "bob", "c1", "hi")).status()).isEqualTo(GrpcStatus.OK);
      long stalled = stalledHead();
      assertThat(stalled).isLessThan(total);

      GrpcClientResponse<SendRequest, SendResult> response = await(request.response());
      List<SendResult> results = new CopyOnWriteArrayList<>();
      response.handler(results::add);
      response.resume();
      await(response.end());
      assertThat(results).hasSize(total);
      assertThat(history("direct:ann:bob").getHead()).isEqualTo(total);
    }

    /** The head once it stays the same over many round trips. */
    private long stalledHead() {
      long head = -1;
      int same = 0;
      while (same < 200) {
        long next = history("direct:ann:bob").getHead();
        same = next == head ? same + 1 : 0;
        head = next;
      }
      return head;
    }

    private List<SendResult> sendMany(List<SendRequest> requests) {
      GrpcClientRequest<SendRequest, SendResult> request =
          await(caller.client.request(caller.address, MessagesGrpcClient.SendMany));
      Future<Caller.Outcome<SendResult>> outcome = request.response().compose(Caller::outcome);
      requests.forEach(request::write);
      request.end();
      assertThat(await(outcome).status()).isEqualTo(GrpcStatus.OK);
      return await(outcome).replies();
    }

    private List<String> cids(List<SendRequest> requests) {
      return requests.stream().map(SendRequest::getCid).toList();
    }
  }

  @Nested
  class History {
    @Test
    void pages_lead_through_the_log_either_way() {
      IntStream.rangeClosed(1, 30).forEach(i -> send(text("ann", "bob", "c" + i, "m" + i)));
      HistoryRequest.Builder request =
          HistoryRequest.newBuilder().setConversation("direct:ann:bob").setLimit(10);

      HistoryResponse newest = history(request.clearFrom().build()).reply();
      HistoryResponse first = history(request.setAfter(0).build()).reply();
      HistoryResponse before = history(request.setBefore(21).build()).reply();

      assertThat(offsets(newest)).isEqualTo(LongStream.rangeClosed(21, 30).boxed().toList());
      assertThat(offsets(first)).isEqualTo(LongStream.rangeClosed(1, 10).boxed().toList());
      assertThat(offsets(before)).isEqualTo(LongStream.rangeClosed(11, 20).boxed().toList());
      assertThat(first.getHead()).isEqualTo(30);
      assertThat(first.getFirst()).isEqualTo(1);
      assertThat(first.getMore()).isTrue();
      assertThat(history(request.setAfter(25).build()).reply().getMore()).isFalse();
      assertThat(offsets(history(request.setAfter(0).setLimit(1_000).build()).reply())).hasSize(20);
      Message message = first.getMessages(0);
      assertThat(message.getFrom()).isEqualTo("ann");
      assertThat(message.getCid()).isEqualTo("c1");
      assertThat(message.getType()).isEqualTo("text");
      assertThat(message.getPlatform()).isEqualTo("service");
      assertThat(message.getJson()).isEqualTo("{\"msg\":\"m1\"}");
    }

    @Test
    void a_service_reads_a_room_without_being_in_it() {
      await(node.chat.rooms().create("ann", "den", "Den", List.of(), JoinPolicy.OPEN));
      send(toRoom("ann", "den", "c1"));

      assertThat(history("room:den").getMessagesList()).hasSize(1);
    }

    @Test
    void what_is_no_conversation_is_not_found() {
      for (String conversation : List.of("", "nothing", "room:nowhere")) {
        Caller.Outcome<HistoryResponse> outcome =
            history(HistoryRequest.newBuilder().setConversation(conversation).build());
        assertThat(outcome.status()).as(conversation).isEqualTo(GrpcStatus.NOT_FOUND);
        assertThat(outcome.reason()).isEqualTo("NOT_FOUND");
      }
      assertThat(history("direct:never:spoke").getHead()).isZero();
    }

    @Test
    void impossible_positions_are_refused() {
      HistoryRequest.Builder request =
          HistoryRequest.newBuilder().setConversation("direct:ann:bob");

      assertThat(history(request.setAfter(-1).build()).reason()).isEqualTo("ILLEGAL_PARAMETER");
      assertThat(history(request.setBefore(0).build()).reason()).isEqualTo("ILLEGAL_PARAMETER");
      assertThat(history(request.clearFrom().setLimit(-1).build()).reason())
          .isEqualTo("ILLEGAL_PARAMETER");
    }

    private List<Long> offsets(HistoryResponse page) {
      return page.getMessagesList().stream().map(Message::getOffset).toList();
    }
  }

  @Nested
  class Sessions {
    @Test
    void a_users_sessions_are_listed_oldest_first() {
      node.login(1, "ann", "web");
      node.login(0, "ann", "ios");
      node.login(0, "bob", "ios");

      List<Session> sessions = list("ann");

      assertThat(sessions).extracting(Session::getPlatform).containsExactly("web", "ios");
      assertThat(sessions).extracting(Session::getUser).containsOnly("ann");
      assertThat(sessions).extracting(Session::getRemote).containsOnly("192.0.2.1:5000");
      assertThat(sessions).extracting(Session::getId).isSorted();
      assertThat(list("eve")).isEmpty();
    }

    @Test
    void one_session_is_kicked_by_its_id() {
      Device web = node.login(0, "ann", "web");
      Device ios = node.login(1, "ann", "ios");

      assertThat(
              kick(
                  KickRequest.newBuilder()
                      .setUser("ann")
                      .addSessions(ios.session.id())
                      .addSessions(999_999)))
          .isEqualTo(1);

      assertThat(ios.closed).isEqualTo(CloseCode.REMOVED);
      assertThat(web.closed).isNull();
      assertThat(list("ann")).extracting(Session::getPlatform).containsExactly("web");
    }

    @Test
    void a_banned_user_loses_all_sessions_and_is_told_why() {
      Device web = node.login(0, "ann", "web");
      Device ios = node.login(1, "ann", "ios");

      assertThat(
              kick(
                  KickRequest.newBuilder().setUser("ann").setReason(KickReason.KICK_REASON_BANNED)))
          .isEqualTo(2);

      assertThat(web.closed).isEqualTo(CloseCode.BANNED);
      assertThat(ios.closed).isEqualTo(CloseCode.BANNED);
      assertThat(web.pushes).singleElement().asString().contains("\"cmd\":\"kick\"", "4502");
      assertThat(list("ann")).isEmpty();
    }

    @Test
    void an_unknown_reason_kicks_nobody() {
      Device web = node.login(0, "ann", "web");

      assertThat(
              caller
                  .call(
                      SessionsGrpcClient.Kick,
                      KickRequest.newBuilder().setUser("ann").setReasonValue(7).build())
                  .reason())
          .isEqualTo("ILLEGAL_PARAMETER");
      assertThat(web.closed).isNull();
    }

    private List<Session> list(String user) {
      return caller
          .call(SessionsGrpcClient.List, ListSessionsRequest.newBuilder().setUser(user).build())
          .reply()
          .getSessionsList();
    }

    private int kick(KickRequest.Builder request) {
      return caller.call(SessionsGrpcClient.Kick, request.build()).reply().getKicked();
    }
  }

  /** A running watch and what it was told. */
  private static final class Watch {
    private final List<WatchPresenceEvent> events = new CopyOnWriteArrayList<>();
    private GrpcClientRequest<WatchPresenceRequest, WatchPresenceEvent> request;
    private GrpcClientResponse<WatchPresenceRequest, WatchPresenceEvent> response;

    UserPresence last(String user) {
      return events.stream()
          .flatMap(event -> event.getUsersList().stream())
          .filter(state -> state.getUser().equals(user))
          .reduce((before, after) -> after)
          .orElseThrow();
    }
  }

  private Watch watch(String... users) {
    Watch watch = new Watch();
    watch.request = await(caller.client.request(caller.address, PresenceGrpcClient.Watch));
    watch.request.response().onSuccess(response -> response.handler(watch.events::add));
    watch.request.end(WatchPresenceRequest.newBuilder().addAllUsers(List.of(users)).build());
    watch.response = await(watch.request.response());
    return watch;
  }

  private List<UserPresence> query(String... users) {
    return presence(List.of(users)).reply().getUsersList();
  }

  private Caller.Outcome<im.parley.grpc.v1.QueryPresenceResponse> presence(List<String> users) {
    return caller.call(
        PresenceGrpcClient.Query, QueryPresenceRequest.newBuilder().addAllUsers(users).build());
  }

  private static UserPresence state(String user, String... platforms) {
    return UserPresence.newBuilder()
        .setUser(user)
        .setOnline(platforms.length > 0)
        .addAllPlatforms(List.of(platforms))
        .build();
  }

  private Caller.Outcome<SendResponse> send(SendRequest request) {
    return caller.call(MessagesGrpcClient.Send, request);
  }

  private HistoryResponse history(String conversation) {
    return history(HistoryRequest.newBuilder().setConversation(conversation).build()).reply();
  }

  private Caller.Outcome<HistoryResponse> history(HistoryRequest request) {
    return caller.call(MessagesGrpcClient.History, request);
  }

  private static SendRequest.Builder to(String from, String user, String cid) {
    return SendRequest.newBuilder().setFrom(from).setUser(user).setCid(cid);
  }

  private static SendRequest text(String from, String user, String cid, String text) {
    return to(from, user, cid).setText(text).build();
  }

  private static SendRequest toRoom(String from, String room, String cid) {
    return SendRequest.newBuilder().setFrom(from).setRoom(room).setCid(cid).setText("hi").build();
  }
}
