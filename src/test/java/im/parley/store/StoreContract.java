package im.parley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Message;
import im.parley.protocol.Refusal;
import im.parley.store.ConversationStore.Member;
import im.parley.store.ConversationStore.MemberMarks;
import im.parley.store.ConversationStore.Role;
import im.parley.store.RoomStore.JoinPolicy;
import im.parley.store.RoomStore.Limits;
import im.parley.store.RoomStore.Room;
import im.parley.testing.MutableClock;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every store promises. A subclass brings the store, empty before each test. */
public abstract class StoreContract {
  private static final Limits LIMITS = new Limits(10, 1_000);
  protected static final String DIRECT = "d:ann:bob";

  /** The store under test. */
  protected abstract Store store();

  /** The clock that the store was given. */
  protected final MutableClock clock = new MutableClock();

  /** What the future came to; its failure is thrown. */
  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** The code that the future is refused with. */
  public static ErrorCode refusal(Future<?> future) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> await(future));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal.code();
  }

  /** A direct message of {@code from}. */
  protected Draft draft(String from, String cid, String text) {
    return in(DIRECT, List.of("ann", "bob"), from, cid, text);
  }

  /** A message in any conversation. */
  protected Draft in(
      String conversation, List<String> members, String from, String cid, String text) {
    String body = "{\"msg\":\"%s\"}".formatted(text);
    return new Draft(
        "id-" + from + cid, conversation, members, from, "web", clock.millis(), cid, "text", body);
  }

  /** Sends {@code count} messages of ann, with the cids 1 to {@code count}. */
  protected void send(int count) {
    List<Future<Appended>> sent = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      sent.add(store().messages().append(draft("ann", "" + i, "text " + i)));
    }
    await(Future.all(sent));
  }

  public static List<Long> offsets(LogPage page) {
    return page.messages().stream().map(Message::offset).toList();
  }

  public static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void an_append_gets_the_next_offset_and_is_read_back_as_it_was_sent() {
    Appended first = await(store().messages().append(draft("ann", "c1", "你好 \uD83D\uDE00")));
    Appended second = await(store().messages().append(draft("bob", "c1", "hi")));

    assertThat(first.duplicate()).isFalse();
    assertThat(first.message().offset()).isEqualTo(1);
    assertThat(second.message().offset()).isEqualTo(2);
    LogPage page = await(store().messages().readAfter(DIRECT, 0, 10));
    assertThat(page.messages()).containsExactly(first.message(), second.message());
    assertThat(page)
        .isEqualTo(
            new LogPage(
                DIRECT,
                first.message().epoch(),
                1,
                2,
                List.of(first.message(), second.message()),
                false));
  }

  @Test
  void a_second_append_with_the_same_cid_returns_the_first() {
    Appended first = await(store().messages().append(draft("ann", "c1", "hi")));
    clock.advance(java.time.Duration.ofSeconds(5));
    Draft again =
        new Draft(
            "another-id",
            DIRECT,
            List.of("ann", "bob"),
            "ann",
            "web",
            clock.millis(),
            "c1",
            "text",
            "{\"msg\":\"hi\"}");

    Appended second = await(store().messages().append(again));

    assertThat(second).isEqualTo(new Appended(first.message(), true));
    assertThat(await(store().messages().readAfter(DIRECT, 0, 10)).head()).isEqualTo(1);
  }

  @Test
  void equal_cids_that_are_appended_at_once_are_stored_once() {
    List<Future<Appended>> sent = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sent.add(store().messages().append(draft("ann", "same", "hi")));
    }
    await(Future.all(sent));

    assertThat(sent.stream().filter(one -> !one.result().duplicate())).hasSize(1);
    assertThat(sent).allSatisfy(one -> assertThat(one.result().message().offset()).isEqualTo(1));
    assertThat(await(store().messages().readAfter(DIRECT, 0, 10)).head()).isEqualTo(1);
  }

  @Test
  void a_used_cid_with_another_body_or_type_is_a_conflict_and_leaves_no_hole() {
    await(store().messages().append(draft("ann", "c1", "hi")));
    Draft otherType =
        new Draft(
            "x", DIRECT, List.of("ann", "bob"), "ann", "web", 1, "c1", "img", "{\"msg\":\"hi\"}");
    Future<Appended> body = store().messages().append(draft("ann", "c1", "ho"));
    Future<Appended> type = store().messages().append(otherType);
    Future<Appended> next = store().messages().append(draft("ann", "c2", "ho"));

    assertThat(refusal(body)).isEqualTo(ErrorCode.CONFLICT);
    assertThat(refusal(type)).isEqualTo(ErrorCode.CONFLICT);
    assertThat(await(next).message().offset()).isEqualTo(2);
  }

  @Test
  void a_cid_belongs_to_its_sender_and_conversation() {
    await(store().messages().append(draft("ann", "c1", "hi")));

    assertThat(await(store().messages().append(draft("bob", "c1", "ho"))).message().offset())
        .isEqualTo(2);
    Draft elsewhere = in("d:ann:cat", List.of("ann", "cat"), "ann", "c1", "ho");
    assertThat(await(store().messages().append(elsewhere)).message().offset()).isEqualTo(1);
  }

  @Test
  void concurrent_callers_hear_in_the_order_of_offsets_without_holes_and_before_their_futures()
      throws InterruptedException {
    int callers = 4;
    int each = 500;
    Map<String, List<Long>> completed = new HashMap<>();
    Set<Thread> heardOn = new HashSet<>();
    AtomicInteger early = new AtomicInteger();
    List<Future<?>> all = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < callers; c++) {
      String from = "user" + c;
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  String conversation = "r:" + i % 3;
                  all.add(
                      store()
                          .messages()
                          .append(
                              in(conversation, List.of(), from, "c" + i, "x"),
                              // The store's one thread runs all of these, so plain maps will do.
                              done -> {
                                heardOn.add(Thread.currentThread());
                                completed
                                    .computeIfAbsent(conversation, key -> new ArrayList<>())
                                    .add(done.message().offset());
                                early.incrementAndGet();
                              })
                          .onSuccess(done -> early.decrementAndGet()));
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    await(Future.all(List.copyOf(all)));

    assertThat(heardOn).as("threads").hasSize(1);
    assertThat(early).hasValue(0);
    assertThat(completed.values().stream().mapToInt(List::size).sum()).isEqualTo(callers * each);
    completed.forEach(
        (conversation, order) -> {
          assertThat(order).isEqualTo(range(1, order.size()));
          assertThat(offsets(await(store().messages().readAfter(conversation, 0, callers * each))))
              .isEqualTo(order);
        });
  }

  @Test
  void pages_go_forward_and_back_and_say_whether_more_follows() {
    send(10);

    LogPage forward = await(store().messages().readAfter(DIRECT, 3, 4));
    assertThat(offsets(forward)).isEqualTo(range(4, 7));
    assertThat(forward.more()).isTrue();
    assertThat(await(store().messages().readAfter(DIRECT, 6, 4)).more()).isFalse();
    LogPage end = await(store().messages().readBefore(DIRECT, Long.MAX_VALUE, 3));
    assertThat(offsets(end)).isEqualTo(range(8, 10));
    assertThat(end.more()).isTrue();
    LogPage start = await(store().messages().readBefore(DIRECT, 4, 3));
    assertThat(offsets(start)).isEqualTo(range(1, 3));
    assertThat(start.more()).isFalse();
    assertThat(await(store().messages().readAfter(DIRECT, 99, 3)).head()).isEqualTo(10);
  }

  @Test
  void an_unknown_conversation_is_an_empty_page() {
    LogPage page = await(store().messages().readAfter("d:no:one", 0, 10));

    assertThat(page.messages()).isEmpty();
    assertThat(page.head()).isZero();
    assertThat(page.first()).isEqualTo(1);
    assertThat(page.epoch()).isNotEmpty();
  }

  @Test
  void both_users_of_a_direct_conversation_are_members_from_its_first_message_on() {
    send(1);

    assertThat(await(store().conversations().members(DIRECT, "", 10)))
        .containsExactly(new Member("ann", Role.MEMBER, 0), new Member("bob", Role.MEMBER, 0));
    assertThat(await(store().conversations().members(DIRECT, "ann", 10)))
        .extracting(Member::user)
        .containsExactly("bob");
    assertThat(await(store().conversations().isMember("bob", DIRECT))).isTrue();
    assertThat(await(store().conversations().isMember("eve", DIRECT))).isFalse();
    assertThat(await(store().rooms().roomsOf("ann"))).isEmpty();
  }

  @Test
  void marks_move_forward_only_stay_below_the_head_and_read_lifts_delivered() {
    send(5);
    ConversationStore conversations = store().conversations();

    assertThat(await(conversations.mark("bob", DIRECT, 2, 0))).isEqualTo(new Marks(2, 0, true));
    assertThat(await(conversations.mark("bob", DIRECT, 0, 3))).isEqualTo(new Marks(3, 3, true));
    assertThat(await(conversations.mark("bob", DIRECT, 1, 1))).isEqualTo(new Marks(3, 3, false));
    assertThat(await(conversations.mark("bob", DIRECT, 99, 0))).isEqualTo(new Marks(5, 3, true));
    assertThat(await(conversations.marks(DIRECT, 10)))
        .containsExactly(new MemberMarks("ann", 0, 0), new MemberMarks("bob", 5, 3));
    assertThat(refusal(conversations.mark("eve", DIRECT, 1, 1))).isEqualTo(ErrorCode.NOT_MEMBER);
    assertThat(refusal(conversations.mark("eve", "d:no:one", 1, 1)))
        .isEqualTo(ErrorCode.NOT_MEMBER);
  }

  @Test
  void unread_counts_what_others_wrote_after_the_read_mark() {
    send(3);
    Message reply = await(store().messages().append(draft("bob", "r", "yes"))).message();

    ConversationState bob = await(store().conversations().conversation("bob", DIRECT));
    assertThat(bob).isEqualTo(new ConversationState(DIRECT, reply.epoch(), 1, 4, 3, 0, 0, reply));
    assertThat(await(store().conversations().conversation("ann", DIRECT)).unread()).isEqualTo(1);
    await(store().conversations().mark("bob", DIRECT, 0, 2));
    assertThat(await(store().conversations().conversation("bob", DIRECT)).unread()).isEqualTo(1);
    assertThat(refusal(store().conversations().conversation("eve", DIRECT)))
        .isEqualTo(ErrorCode.NOT_MEMBER);
  }

  @Test
  void a_long_unread_log_is_counted_up_to_1000() {
    send(1_100);

    assertThat(await(store().conversations().conversation("bob", DIRECT)).unread())
        .isEqualTo(1_000);
  }

  @Test
  void conversations_come_in_pages_in_the_order_of_their_ids() {
    for (String peer : List.of("zoe", "bob", "kim", "cat")) {
      await(store().messages().append(in("d:ann:" + peer, List.of("ann", peer), peer, "1", "hi")));
    }

    ConversationPage first = await(store().conversations().conversations("ann", "", 3));
    assertThat(first.conversations())
        .extracting(ConversationState::conversation)
        .containsExactly("d:ann:bob", "d:ann:cat", "d:ann:kim");
    assertThat(first.more()).isTrue();
    ConversationPage second = await(store().conversations().conversations("ann", "d:ann:kim", 3));
    assertThat(second.conversations())
        .extracting(ConversationState::conversation)
        .containsExactly("d:ann:zoe");
    assertThat(second.more()).isFalse();
    assertThat(await(store().conversations().conversations("nobody", "", 3)).conversations())
        .isEmpty();
  }

  private Room room(String id, String owner, JoinPolicy join) {
    return new Room(id, "r:" + id, "Room " + id, owner, join, clock.millis(), 0);
  }

  @Test
  void a_room_is_made_once_and_belongs_to_its_owner() {
    RoomStore rooms = store().rooms();

    assertThat(
            await(rooms.create(room("tea", "ann", JoinPolicy.OPEN), List.of("bob", "ann"), LIMITS)))
        .isTrue();
    assertThat(await(rooms.create(room("tea", "ann", JoinPolicy.OPEN), List.of(), LIMITS)))
        .isFalse();
    assertThat(refusal(rooms.create(room("tea", "eve", JoinPolicy.OPEN), List.of(), LIMITS)))
        .isEqualTo(ErrorCode.EXISTS);
    assertThat(await(rooms.room("tea")))
        .isEqualTo(new Room("tea", "r:tea", "Room tea", "ann", JoinPolicy.OPEN, clock.millis(), 2));
    assertThat(await(store().conversations().members("r:tea", "", 10)))
        .containsExactly(new Member("ann", Role.OWNER, 0), new Member("bob", Role.MEMBER, 0));
    assertThat(refusal(rooms.room("none"))).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void who_joins_a_room_later_has_the_earlier_messages_read() {
    await(store().rooms().create(room("tea", "ann", JoinPolicy.OPEN), List.of(), LIMITS));
    IntStream.rangeClosed(1, 3)
        .forEach(i -> await(store().messages().append(in("r:tea", List.of(), "ann", "" + i, "x"))));

    assertThat(await(store().rooms().add("tea", List.of("bob", "ann", "cat"), LIMITS)))
        .containsExactly(true, false, true);
    await(store().messages().append(in("r:tea", List.of(), "ann", "4", "x")));

    assertThat(await(store().conversations().members("r:tea", "ann", 1)))
        .containsExactly(new Member("bob", Role.MEMBER, 3));
    assertThat(await(store().conversations().conversation("bob", "r:tea")).unread()).isEqualTo(1);
    assertThat(await(store().rooms().room("tea")).members()).isEqualTo(3);
    assertThat(refusal(store().rooms().add("none", List.of("bob"), LIMITS)))
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void a_room_never_has_more_members_than_it_may_however_many_come_at_once() {
    await(store().rooms().create(room("tea", "ann", JoinPolicy.OPEN), List.of(), LIMITS));
    List<Future<List<Boolean>>> joins =
        IntStream.range(0, 50)
            .mapToObj(i -> store().rooms().add("tea", List.of("user" + i), new Limits(20, 1_000)))
            .toList();
    int came = 0;
    for (int i = 0; i < joins.size(); i++) {
      Future<ErrorCode> outcome =
          joins.get(i).map(ErrorCode.OK).otherwise(fault -> Refusal.of(fault).code());
      boolean in = await(outcome) == ErrorCode.OK;
      assertThat(await(outcome)).isEqualTo(in ? ErrorCode.OK : ErrorCode.TOO_LARGE);
      assertThat(await(store().rooms().roomsOf("user" + i)))
          .isEqualTo(in ? List.of("tea") : List.of());
      came += in ? 1 : 0;
    }
    assertThat(came).isEqualTo(19);
    assertThat(await(store().rooms().room("tea")).members()).isEqualTo(20);
    // Who is in already is none more.
    assertThat(await(store().rooms().add("tea", List.of("ann"), new Limits(20, 1_000))))
        .containsExactly(false);
  }

  @Test
  void a_user_is_never_in_more_rooms_than_allowed_however_many_joins_come_at_once() {
    Limits few = new Limits(10, 5);
    for (int i = 0; i < 20; i++) {
      await(store().rooms().create(room("r" + i, "owner" + i, JoinPolicy.OPEN), List.of(), few));
    }
    List<Future<List<Boolean>>> joins =
        IntStream.range(0, 20)
            .mapToObj(i -> store().rooms().add("r" + i, List.of("ann"), few))
            .toList();
    List<String> in = new ArrayList<>();
    for (int i = 0; i < joins.size(); i++) {
      Future<ErrorCode> outcome =
          joins.get(i).map(ErrorCode.OK).otherwise(fault -> Refusal.of(fault).code());
      assertThat(await(outcome)).isIn(ErrorCode.OK, ErrorCode.TOO_LARGE);
      if (await(outcome) == ErrorCode.OK) {
        in.add("r" + i);
      }
    }
    assertThat(in).hasSize(5);
    assertThat(await(store().rooms().roomsOf("ann"))).containsExactlyInAnyOrderElementsOf(in);

    // What she is in already is none more, and who leaves one may join another.
    assertThat(await(store().rooms().add(in.get(0), List.of("ann"), few))).containsExactly(false);
    await(store().rooms().remove(in.get(0), "ann"));
    assertThat(await(store().rooms().add(in.get(0), List.of("ann"), few))).containsExactly(true);
  }

  @Test
  void nobody_is_put_into_more_rooms_than_allowed_by_who_creates_them() {
    Limits one = new Limits(10, 1);
    RoomStore rooms = store().rooms();
    await(rooms.create(room("tea", "ann", JoinPolicy.OPEN), List.of("bob"), one));

    assertThat(
            refusal(rooms.create(room("law", "eve", JoinPolicy.OPEN), List.of("zoe", "bob"), one)))
        .isEqualTo(ErrorCode.TOO_LARGE);
    assertThat(refusal(rooms.create(room("law", "ann", JoinPolicy.OPEN), List.of(), one)))
        .isEqualTo(ErrorCode.TOO_LARGE);
    assertThat(refusal(rooms.room("law"))).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(await(rooms.roomsOf("eve"))).isEmpty();
    // The same call again is the same room; and nobody else has lost a place to the refused one.
    assertThat(await(rooms.create(room("tea", "ann", JoinPolicy.OPEN), List.of(), one))).isFalse();
    assertThat(await(rooms.create(room("law", "eve", JoinPolicy.OPEN), List.of("zoe"), one)))
        .isTrue();
    assertThat(await(rooms.roomsOf("bob"))).containsExactly("tea");
  }

  @Test
  void a_room_that_refuses_takes_no_place_among_the_users_rooms() {
    RoomStore rooms = store().rooms();
    await(rooms.create(room("full", "ann", JoinPolicy.OPEN), List.of(), LIMITS));
    await(rooms.create(room("tea", "eve", JoinPolicy.OPEN), List.of(), LIMITS));
    Limits one = new Limits(1, 1);

    assertThat(refusal(rooms.add("full", List.of("bob"), one))).isEqualTo(ErrorCode.TOO_LARGE);
    assertThat(refusal(rooms.create(room("full", "bob", JoinPolicy.OPEN), List.of(), one)))
        .isEqualTo(ErrorCode.EXISTS);
    assertThat(await(rooms.add("tea", List.of("bob"), new Limits(10, 1)))).containsExactly(true);
  }

  @Test
  void a_create_that_is_refused_takes_nothing_from_one_of_the_same_room_at_the_same_time() {
    Limits few = new Limits(10, 20);
    RoomStore rooms = store().rooms();
    for (int i = 0; i < 20; i++) {
      await(rooms.create(room("full" + i, "zoe", JoinPolicy.OPEN), List.of(), few));
    }
    for (int i = 0; i < 10; i++) {
      Room anns = room("tea" + i, "ann", JoinPolicy.OPEN);
      Room eves = room("tea" + i, "eve", JoinPolicy.OPEN);
      Future<Boolean> made = rooms.create(anns, List.of("bob"), few);
      Future<Boolean> refused = rooms.create(eves, List.of("bob", "zoe"), few);

      assertThat(refusal(refused)).isIn(ErrorCode.TOO_LARGE, ErrorCode.EXISTS);
      assertThat(await(made)).isTrue();
      assertThat(await(rooms.roomsOf("bob"))).hasSize(i + 1).contains("tea" + i);
    }
  }

  @Test
  void a_leaving_owner_passes_the_room_to_the_member_who_is_there_longest() {
    await(store().rooms().create(room("tea", "ann", JoinPolicy.OPEN), List.of(), LIMITS));
    clock.advance(java.time.Duration.ofSeconds(1));
    await(store().rooms().add("tea", List.of("zoe"), LIMITS));
    clock.advance(java.time.Duration.ofSeconds(1));
    await(store().rooms().add("tea", List.of("bob"), LIMITS));

    assertThat(await(store().rooms().remove("tea", "ann"))).isTrue();
    assertThat(await(store().rooms().remove("tea", "ann"))).isFalse();

    assertThat(await(store().rooms().room("tea")).owner()).isEqualTo("zoe");
    assertThat(await(store().conversations().members("r:tea", "", 10)))
        .containsExactly(new Member("bob", Role.MEMBER, 0), new Member("zoe", Role.OWNER, 0));
    assertThat(refusal(store().conversations().conversation("ann", "r:tea")))
        .isEqualTo(ErrorCode.NOT_MEMBER);
    assertThat(refusal(store().rooms().remove("none", "ann"))).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void the_rooms_of_a_user_and_the_open_rooms_are_listed_in_order() {
    await(store().rooms().create(room("tea", "ann", JoinPolicy.OPEN), List.of("bob"), LIMITS));
    await(store().rooms().create(room("law", "ann", JoinPolicy.INVITE), List.of("bob"), LIMITS));
    await(store().rooms().create(room("art", "bob", JoinPolicy.OPEN), List.of(), LIMITS));
    send(1);

    assertThat(await(store().rooms().roomsOf("bob"))).containsExactly("art", "law", "tea");
    assertThat(await(store().rooms().roomsOf("ann"))).containsExactly("law", "tea");
    assertThat(await(store().rooms().openRooms("", 10)))
        .extracting(Room::room)
        .containsExactly("art", "tea");
    assertThat(await(store().rooms().openRooms("art", 10)))
        .extracting(Room::room)
        .containsExactly("tea");
  }
}
