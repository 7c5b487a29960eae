package im.parley.loadtest.verify.check;

import static im.parley.loadtest.verify.check.Story.EPOCH;
import static im.parley.loadtest.verify.check.Story.FIRST;
import static im.parley.loadtest.verify.check.Story.ROOM;
import static im.parley.loadtest.verify.check.Story.SECOND;
import static im.parley.loadtest.verify.check.Story.TARGETS;
import static im.parley.loadtest.verify.check.Story.THIRD;
import static im.parley.loadtest.verify.check.Story.acked;
import static im.parley.loadtest.verify.check.Story.pushed;
import static im.parley.loadtest.verify.check.Story.read;
import static im.parley.loadtest.verify.check.Story.right;
import static im.parley.loadtest.verify.check.Story.sent;
import static im.parley.loadtest.verify.check.Story.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import im.parley.loadtest.verify.history.Event;
import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Closed;
import im.parley.loadtest.verify.history.Event.Complete;
import im.parley.loadtest.verify.history.Event.FaultBegan;
import im.parley.loadtest.verify.history.Event.FaultEnded;
import im.parley.loadtest.verify.history.Event.Place;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Read;
import im.parley.loadtest.verify.history.Event.Refused;
import im.parley.loadtest.verify.history.Event.Sent;
import im.parley.loadtest.verify.history.Event.Synced;
import im.parley.loadtest.verify.history.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CheckerTest {
  private static final Stored GHOST = new Stored(4, "m9", "a", "c9", "d9");

  @Test
  void a_right_history_is_valid() {
    assertThat(right().verdict().violations()).isEmpty();
  }

  @Test
  void what_was_judged_is_counted() {
    assertThat(right().verdict().counts())
        .containsEntry("messages sent", 3L)
        .containsEntry("attempts", 4L)
        .containsEntry("acknowledged", 3L)
        .containsEntry("duplicates told", 1L)
        .containsEntry("in the logs", 3L)
        .containsEntry("received by push", 5L)
        .containsEntry("of which again", 0L)
        .containsEntry("received by sync", 1L)
        .containsEntry("closed with 1006", 1L);
  }

  @Test
  void an_acknowledged_message_that_the_logs_lack_is_lost() {
    Story lost = right().withLogs(without(THIRD)).with(CheckerTest::headsAtTwo);
    assertThat(lost.broken()).contains(Rule.LOST);
  }

  @Test
  void what_was_lost_is_proved_by_its_send_its_acknowledgement_and_the_log() {
    Story lost = right().withLogs(without(THIRD)).with(CheckerTest::headsAtTwo);
    Violation violation = lost.verdict().violations().get(0);
    assertThat(violation.rule()).isEqualTo(Rule.LOST);
    assertThat(violation.lines())
        .extracting(line -> lost.events().get(line - 1).getClass().getSimpleName())
        .containsExactly("Sent", "Sent", "Acked", "Read");
  }

  @Test
  void an_acknowledged_message_with_another_id_is_lost() {
    assertThat(right().withLogs(swap(THIRD, new Stored(3, "mX", "a", "c3", "d3"))).broken())
        .contains(Rule.LOST);
  }

  @Test
  void an_acknowledged_message_at_another_offset_is_lost() {
    Stored moved = new Stored(4, "m3", "a", "c3", "d3");
    assertThat(right().withLogs(swap(THIRD, moved)).broken()).contains(Rule.LOST, Rule.HOLE);
  }

  @Test
  void an_acknowledged_message_with_another_body_is_lost_and_a_ghost() {
    assertThat(right().withLogs(swap(THIRD, new Stored(3, "m3", "a", "c3", "dX"))).broken())
        .contains(Rule.LOST, Rule.GHOST);
  }

  @Test
  void a_message_that_is_stored_twice_is_found() {
    Stored again = new Stored(4, "m4", "a", "c3", "d3");
    Story twice = right().withLogs(adding(THIRD, again)).with(event -> head(event, 4));
    assertThat(twice.broken()).contains(Rule.DOUBLE);
  }

  @Test
  void an_id_that_names_two_messages_is_found() {
    Stored same = new Stored(3, "m1", "a", "c3", "d3");
    assertThat(right().withLogs(swap(THIRD, same)).broken()).contains(Rule.DOUBLE);
  }

  @Test
  void an_offset_that_is_left_out_is_a_hole() {
    assertThat(right().withLogs(without(SECOND)).broken()).contains(Rule.HOLE);
  }

  @Test
  void a_head_behind_the_last_message_is_a_hole() {
    assertThat(right().with(event -> head(event, 4)).broken()).contains(Rule.HOLE);
  }

  @Test
  void a_log_that_does_not_begin_at_one_is_a_hole() {
    assertThat(right().withLogs(without(FIRST)).broken()).contains(Rule.HOLE);
  }

  @Test
  void a_new_epoch_without_a_reason_is_found() {
    assertThat(newEpoch(right()).broken()).containsExactly(Rule.EPOCH);
  }

  @Test
  void a_fault_that_may_change_epochs_is_a_reason_for_one() {
    Story story =
        newEpoch(right())
            .after(
                acked("a/0", 4, THIRD, true),
                new FaultBegan("redis-kill", true),
                new FaultEnded("redis-kill"));
    assertThat(story.broken()).isEmpty();
  }

  @Test
  void a_fault_that_changes_no_epochs_is_no_reason() {
    Story story =
        newEpoch(right()).after(acked("a/0", 4, THIRD, true), new FaultBegan("kill", false));
    assertThat(story.broken()).containsExactly(Rule.EPOCH);
  }

  @Test
  void one_reason_does_not_excuse_two_new_epochs() {
    Story story =
        newEpoch(right())
            .replacing(pushed("b/1", 3, SECOND), new Pushed("b/1", 3, ROOM, "e0", SECOND))
            .after(acked("a/0", 4, THIRD, true), new FaultBegan("redis-kill", true));
    assertThat(story.broken()).contains(Rule.EPOCH);
  }

  @Test
  void a_message_sent_after_anothers_acknowledgement_may_not_stand_before_it() {
    Story swapped =
        right()
            .with(event -> renumber(event, offset -> offset == 1 ? 2L : offset == 2 ? 1L : offset));
    assertThat(swapped.broken()).contains(Rule.ORDER);
  }

  @Test
  void requests_behind_each_other_on_one_connection_keep_their_order() {
    // Neither is acknowledged before the other is sent.
    Stored former = new Stored(5, "m5", "a", "c5", "d5");
    Stored latter = new Stored(4, "m4", "a", "c4", "d4");
    Story pipelined = pipelined(former, latter);
    assertThat(pipelined.broken()).containsExactly(Rule.ORDER);
    assertThat(pipelined(latter, former).broken()).isEmpty();
  }

  @Test
  void offsets_of_different_epochs_do_not_compare() {
    Stored former = new Stored(5, "m5", "a", "c5", "d5");
    Stored latter = new Stored(4, "m4", "a", "c4", "d4");
    Event rebuilt = new Acked("a/0", 4, ROOM, "c4", "m4", "e2", 4, false);
    Story story = pipelined(former, latter).replacing(acked("a/0", 4, latter, false), rebuilt);
    assertThat(story.broken()).contains(Rule.EPOCH).doesNotContain(Rule.ORDER);
  }

  private static Story pipelined(Stored first, Stored second) {
    Stored low = first.offset() < second.offset() ? first : second;
    Stored high = low == first ? second : first;
    Event complete = new Complete("a/0", 4);
    return right()
        .before(
            complete,
            sent("a/0", 4, first),
            sent("a/0", 4, second),
            acked("a/0", 4, low, false),
            acked("a/0", 4, high, false),
            pushed("b/0", 2, low),
            pushed("b/0", 2, high),
            pushed("b/1", 3, low),
            pushed("b/1", 3, high))
        .withLogs(adding(THIRD, low, high))
        .with(event -> head(event, 5));
  }

  @Test
  void a_push_behind_a_later_one_is_out_of_order() {
    Story story =
        right()
            .without(pushed("b/1", 3, FIRST))
            .after(pushed("b/1", 3, SECOND), pushed("b/1", 3, FIRST));
    assertThat(story.broken()).contains(Rule.PUSH_ORDER);
  }

  @Test
  void a_push_may_come_again() {
    Story story = right().after(pushed("b/1", 3, SECOND), pushed("b/1", 3, FIRST));
    assertThat(story.broken()).isEmpty();
    assertThat(story.verdict().counts()).containsEntry("of which again", 1L);
  }

  @Test
  void a_sync_that_does_not_begin_behind_the_cursor_has_a_hole() {
    Event right = synced("b/1", 3, 2, 3, THIRD);
    assertThat(right().replacing(right, synced("b/1", 3, 1, 3, THIRD)).broken())
        .contains(Rule.SYNC_HOLE);
  }

  @Test
  void a_sync_that_ends_below_the_head_without_more_has_a_hole() {
    Event right = synced("b/1", 3, 2, 3, THIRD);
    assertThat(right().replacing(right, synced("b/1", 3, 2, 3)).broken())
        .contains(Rule.SYNC_HOLE, Rule.INCOMPLETE);
  }

  @Test
  void a_gap_over_what_the_log_still_has_is_a_hole() {
    Event right = synced("b/1", 3, 2, 3, THIRD);
    Event gap = new Synced("b/1", 3, ROOM, new Place(EPOCH, 2), EPOCH, 3, 3, false, List.of());
    assertThat(right().replacing(right, gap).broken()).containsExactly(Rule.SYNC_HOLE);
  }

  @Test
  void a_push_of_what_no_log_has_is_a_ghost() {
    assertThat(right().before(new Complete("a/0", 4), pushed("b/0", 2, GHOST)).broken())
        .contains(Rule.GHOST);
  }

  @Test
  void a_push_with_another_body_is_a_ghost() {
    Stored other = new Stored(2, "m2", "b", "c2", "dX");
    Story story = right().replacing(pushed("a/0", 1, SECOND), pushed("a/0", 1, other));
    assertThat(story.broken()).containsExactly(Rule.GHOST);
  }

  @Test
  void a_sync_of_what_no_log_has_is_a_ghost() {
    Event right = synced("b/1", 3, 2, 3, THIRD);
    Story story = right().replacing(right, synced("b/1", 3, 2, 4, THIRD, GHOST));
    assertThat(story.broken()).contains(Rule.GHOST);
  }

  @Test
  void what_comes_to_somebody_who_is_not_a_member_is_a_ghost() {
    Story story = right().after(pushed("b/0", 2, FIRST), pushed("c/0", 9, FIRST));
    assertThat(story.broken()).containsExactly(Rule.GHOST);
  }

  @Test
  void a_message_in_the_log_that_nobody_sent_is_a_ghost() {
    Story story = right().withLogs(adding(THIRD, GHOST)).with(event -> head(event, 4));
    assertThat(story.broken()).contains(Rule.GHOST);
  }

  @Test
  void a_device_that_lacks_the_end_is_incomplete() {
    Story story = right().without(pushed("b/0", 2, THIRD));
    assertThat(story.broken()).containsExactly(Rule.INCOMPLETE);
  }

  @Test
  void a_device_that_lacks_the_middle_is_incomplete_whatever_it_got_later() {
    Story story = right().without(pushed("b/1", 3, FIRST)).without(pushed("b/0", 2, FIRST));
    assertThat(story.broken()).contains(Rule.INCOMPLETE);
  }

  @Test
  void a_device_that_never_synced_is_found() {
    Story story = right().without(new Complete("b/1", 3));
    assertThat(story.broken()).containsExactly(Rule.NEVER_SYNCED);
  }

  @Test
  void a_duplicate_that_names_another_message_is_wrong() {
    Event again = new Acked("a/0", 4, ROOM, "c3", "mX", EPOCH, 4, true);
    Story story = right().after(acked("a/0", 4, THIRD, true), sent("a/0", 4, THIRD), again);
    assertThat(story.broken()).contains(Rule.WRONG_DUPLICATE);
  }

  @Test
  void a_duplicate_of_what_was_sent_once_is_wrong() {
    Story story = right().replacing(acked("a/0", 1, FIRST, false), acked("a/0", 1, FIRST, true));
    assertThat(story.broken()).containsExactly(Rule.WRONG_DUPLICATE);
  }

  @Test
  void a_message_that_is_new_twice_is_wrong() {
    Story story =
        right()
            .after(
                acked("a/0", 1, FIRST, false),
                sent("a/0", 1, FIRST),
                acked("a/0", 1, FIRST, false));
    assertThat(story.broken()).containsExactly(Rule.WRONG_DUPLICATE);
  }

  @Test
  void nodes_that_read_different_logs_disagree() {
    Stored other = new Stored(3, "mX", "a", "c3", "d3");
    Story story =
        right().replacing(read(TARGETS.get(1), false, THIRD), read(TARGETS.get(1), false, other));
    assertThat(story.broken()).containsExactly(Rule.DISAGREEMENT);
  }

  @Test
  void a_log_that_one_node_did_not_give_is_found() {
    Story story =
        right().without(event -> event instanceof Read it && it.target().equals(TARGETS.get(1)));
    assertThat(story.broken()).containsExactly(Rule.NEVER_READ);
  }

  @Test
  void a_log_that_was_read_in_part_is_found() {
    assertThat(right().without(read(TARGETS.get(1), false, THIRD)).broken())
        .containsExactly(Rule.NEVER_READ);
  }

  @Test
  void a_message_without_an_answer_is_found() {
    Event forgotten = new Sent("a/0", 4, ROOM, "c9", "d9");
    assertThat(right().before(new Complete("a/0", 4), forgotten).broken())
        .containsExactly(Rule.UNANSWERED);
  }

  @Test
  void a_refusal_for_good_is_found_and_one_for_a_while_is_not() {
    Event busy = new Refused("a/0", 1, ROOM, "c1", 1107, true);
    Event fault = new Refused("a/0", 1, ROOM, "c1", 1004, false);
    assertThat(right().after(sent("a/0", 1, FIRST), busy).broken()).isEmpty();
    assertThat(right().after(sent("a/0", 1, FIRST), fault).broken()).containsExactly(Rule.REFUSED);
  }

  @Test
  void a_close_that_says_to_stay_away_is_found() {
    Story story = right().replacing(new Closed("a/0", 1, 1006), new Closed("a/0", 1, 4500));
    assertThat(story.broken()).containsExactly(Rule.CLOSED_FOR_GOOD);
  }

  @Test
  void the_longest_time_without_an_acknowledgement_is_that_of_the_fault_it_touches() {
    Story story =
        right()
            .before(new Closed("a/0", 1, 1006), new FaultBegan("kill", false))
            .after(new Closed("a/0", 1, 1006), new FaultEnded("kill"));
    Window window = story.verdict().windows().get(0);
    int began = story.events().indexOf(new FaultBegan("kill", false));
    int acked = story.events().indexOf(acked("a/0", 4, THIRD, true));
    int sent = story.events().indexOf(sent("a/0", 1, THIRD));
    assertThat(window.lastedSeconds()).isCloseTo(0.002, within(1e-9));
    assertThat(window.withoutAckSeconds()).isCloseTo((acked - began) / 1e3, within(1e-9));
    assertThat(window.longestWaitSeconds()).isCloseTo((acked - sent) / 1e3, within(1e-9));
  }

  private static UnaryOperator<List<Stored>> without(Stored message) {
    return messages -> messages.stream().filter(each -> !each.equals(message)).toList();
  }

  private static UnaryOperator<List<Stored>> swap(Stored message, Stored by) {
    return messages -> messages.stream().map(each -> each.equals(message) ? by : each).toList();
  }

  private static UnaryOperator<List<Stored>> adding(Stored after, Stored... more) {
    return messages -> {
      List<Stored> changed = new ArrayList<>(messages);
      if (messages.contains(after)) {
        changed.addAll(List.of(more));
      }
      return changed;
    };
  }

  private static Event headsAtTwo(Event event) {
    return head(event, 2);
  }

  private static Event head(Event event, long head) {
    return event instanceof Read it
        ? new Read(
            it.target(), it.conversation(), it.epoch(), it.first(), head, it.more(), it.messages())
        : event;
  }

  /** From the last syncs on, everything is under another epoch, with all at its place. */
  private static Story newEpoch(Story story) {
    String next = "e2";
    List<Stored> all = List.of(FIRST, SECOND, THIRD);
    Story changed =
        story.with(
            event ->
                event instanceof Read it
                    ? new Read(
                        it.target(),
                        it.conversation(),
                        next,
                        it.first(),
                        it.head(),
                        it.more(),
                        it.messages())
                    : event);
    for (Complete last :
        List.of(new Complete("a/0", 4), new Complete("b/0", 2), new Complete("b/1", 3))) {
      changed =
          changed.before(
              last, new Synced(last.device(), last.session(), ROOM, null, next, 3, 0, false, all));
    }
    return changed;
  }

  private static Event renumber(Event event, UnaryOperator<Long> offsets) {
    if (event instanceof Acked it) {
      return new Acked(
          it.device(),
          it.session(),
          it.conversation(),
          it.cid(),
          it.id(),
          it.epoch(),
          offsets.apply(it.offset()),
          it.duplicate());
    } else if (event instanceof Read it) {
      return new Read(
          it.target(),
          it.conversation(),
          it.epoch(),
          it.first(),
          it.head(),
          it.more(),
          it.messages().stream()
              .map(
                  each ->
                      new Stored(
                          offsets.apply(each.offset()),
                          each.id(),
                          each.from(),
                          each.cid(),
                          each.digest()))
              .sorted((a, b) -> Long.compare(a.offset(), b.offset()))
              .toList());
    }
    return event;
  }
}
