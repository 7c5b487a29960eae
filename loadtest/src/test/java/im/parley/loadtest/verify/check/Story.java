package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event;
import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Closed;
import im.parley.loadtest.verify.history.Event.Complete;
import im.parley.loadtest.verify.history.Event.Connected;
import im.parley.loadtest.verify.history.Event.LoggedIn;
import im.parley.loadtest.verify.history.Event.Place;
import im.parley.loadtest.verify.history.Event.Plan;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Read;
import im.parley.loadtest.verify.history.Event.Sent;
import im.parley.loadtest.verify.history.Event.Synced;
import im.parley.loadtest.verify.history.History;
import im.parley.loadtest.verify.history.Line;
import im.parley.loadtest.verify.history.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A small right history that a test then spoils: a, with one device, and b, with two, in one room
 * of two nodes. The third message needs a second attempt, and one device misses its push.
 */
final class Story {
  static final String ROOM = "room:r";
  static final String EPOCH = "e1";
  static final List<String> TARGETS = List.of("ws://n1/acc", "ws://n2/acc");
  static final Stored FIRST = new Stored(1, "m1", "a", "c1", "d1");
  static final Stored SECOND = new Stored(2, "m2", "b", "c2", "d2");
  static final Stored THIRD = new Stored(3, "m3", "a", "c3", "d3");

  private final List<Event> events;

  private Story(List<Event> events) {
    this.events = events;
  }

  static Story right() {
    List<Event> events = new ArrayList<>();
    events.add(
        new Plan(Map.of(ROOM, List.of("a", "b")), List.of("a/0", "b/0", "b/1"), TARGETS, false));
    enter(events, "a/0", 1);
    enter(events, "b/0", 2);
    enter(events, "b/1", 3);
    events.add(sent("a/0", 1, FIRST));
    events.add(acked("a/0", 1, FIRST, false));
    events.add(pushed("b/0", 2, FIRST));
    events.add(pushed("b/1", 3, FIRST));
    events.add(sent("b/0", 2, SECOND));
    events.add(acked("b/0", 2, SECOND, false));
    events.add(pushed("a/0", 1, SECOND));
    events.add(pushed("b/1", 3, SECOND));
    events.add(sent("a/0", 1, THIRD));
    events.add(new Closed("a/0", 1, 1006));
    events.add(pushed("b/0", 2, THIRD));
    enter(events, "a/0", 4);
    events.add(sent("a/0", 4, THIRD));
    events.add(acked("a/0", 4, THIRD, true));
    events.add(synced("b/1", 3, 2, 3, THIRD));
    events.add(new Complete("a/0", 4));
    events.add(new Complete("b/0", 2));
    events.add(new Complete("b/1", 3));
    for (String target : TARGETS) {
      events.add(read(target, true, FIRST, SECOND));
      events.add(read(target, false, THIRD));
    }
    return new Story(events);
  }

  /** One that was recorded. */
  static Story of(History history) {
    return new Story(new ArrayList<>(history.lines().stream().map(Line::event).toList()));
  }

  private static void enter(List<Event> events, String device, long session) {
    events.add(new Connected(device, session, TARGETS.get(0)));
    events.add(new LoggedIn(device, session, "n1"));
  }

  static Sent sent(String device, long session, Stored message) {
    return new Sent(device, session, ROOM, message.cid(), message.digest());
  }

  static Acked acked(String device, long session, Stored message, boolean duplicate) {
    return new Acked(
        device, session, ROOM, message.cid(), message.id(), EPOCH, message.offset(), duplicate);
  }

  static Pushed pushed(String device, long session, Stored message) {
    return new Pushed(device, session, ROOM, EPOCH, message);
  }

  static Synced synced(String device, long session, long cursor, long head, Stored... messages) {
    return new Synced(
        device, session, ROOM, new Place(EPOCH, cursor), EPOCH, head, 0, false, List.of(messages));
  }

  static Read read(String target, boolean more, Stored... messages) {
    return new Read(target, ROOM, EPOCH, 1, 3, more, List.of(messages));
  }

  Story without(Predicate<Event> which) {
    return changed(events.stream().filter(which.negate()).toList());
  }

  Story without(Event event) {
    require(event);
    return without(event::equals);
  }

  Story with(UnaryOperator<Event> change) {
    return changed(events.stream().map(change).toList());
  }

  Story replacing(Event event, Event by) {
    require(event);
    return with(each -> each.equals(event) ? by : each);
  }

  /** In every log that was read. */
  Story withLogs(UnaryOperator<List<Stored>> change) {
    return with(
        event ->
            event instanceof Read it
                ? new Read(
                    it.target(),
                    it.conversation(),
                    it.epoch(),
                    it.first(),
                    it.head(),
                    it.more(),
                    change.apply(it.messages()))
                : event);
  }

  Story before(Event event, Event... more) {
    return inserting(events.indexOf(require(event)), more);
  }

  Story after(Event event, Event... more) {
    return inserting(events.indexOf(require(event)) + 1, more);
  }

  private Story inserting(int at, Event... more) {
    List<Event> changed = new ArrayList<>(events);
    changed.addAll(at, List.of(more));
    return changed(changed);
  }

  private Event require(Event event) {
    if (!events.contains(event)) {
      throw new IllegalArgumentException("not in the story: " + event);
    }
    return event;
  }

  private static Story changed(List<Event> events) {
    return new Story(new ArrayList<>(events));
  }

  List<Event> events() {
    return events;
  }

  History history() {
    List<Line> lines = new ArrayList<>();
    for (Event event : events) {
      int number = lines.size() + 1;
      lines.add(new Line(number, number * 1_000_000L, number, event));
    }
    return new History(lines);
  }

  Verdict verdict() {
    return Checker.check(history());
  }

  /** The rules that it breaks. */
  List<Rule> broken() {
    return verdict().violations().stream().map(Violation::rule).distinct().toList();
  }
}
