package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event.Closed;
import im.parley.loadtest.verify.history.Event.Place;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Synced;
import im.parley.loadtest.verify.history.History.At;
import im.parley.loadtest.verify.history.Stored;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What came to the devices: nothing invented, nothing out of order, no silent omission. */
final class ReaderCheck implements Check {
  private static final int STAY_AWAY = 4500;
  private static final int STAY_AWAY_END = 4999;

  @Override
  public void check(Evidence evidence, Consumer<Violation> found) {
    evidence
        .history()
        .all(Pushed.class)
        .forEach(
            at -> {
              Pushed push = at.event();
              checkReal(
                  evidence, push.device(), push.conversation(), push.message(), at.line(), found);
            });
    evidence
        .history()
        .all(Synced.class)
        .forEach(
            at -> {
              Synced sync = at.event();
              for (Stored message : sync.messages()) {
                checkReal(evidence, sync.device(), sync.conversation(), message, at.line(), found);
              }
              checkSync(evidence, at, found);
            });
    checkPushOrder(evidence, found);
    evidence.history().all(Closed.class).forEach(at -> checkClosed(at, found));
  }

  private static void checkReal(
      Evidence evidence,
      String device,
      String conversation,
      Stored message,
      int line,
      Consumer<Violation> found) {
    Log log = evidence.log(conversation);
    if (!evidence.isMember(device, conversation)) {
      found.accept(
          new Violation(
              Rule.GHOST,
              "%s got offset %d of %s without being a member"
                  .formatted(device, message.offset(), conversation),
              List.of(line)));
    } else if (log != null && !message.equals(log.at(message.offset()))) {
      found.accept(
          new Violation(
              Rule.GHOST,
              "%s: %s got %s, where the log has %s"
                  .formatted(conversation, device, message, log.at(message.offset())),
              List.of(line, log.line(message.offset()))));
    }
  }

  private static void checkSync(Evidence evidence, At<Synced> at, Consumer<Violation> found) {
    Synced sync = at.event();
    Place cursor = sync.cursor();
    boolean follows =
        cursor != null && cursor.epoch().equals(sync.epoch()) && cursor.offset() <= sync.head();
    long last = follows ? cursor.offset() : 0;
    Log log = evidence.log(sync.conversation());
    String wrong = null;
    if (sync.gapTo() > 0 && log != null && sync.gapTo() >= log.first()) {
      wrong = "a gap to %d, while the log begins at %d".formatted(sync.gapTo(), log.first());
    }
    last = Math.max(last, sync.gapTo());
    for (Stored message : sync.messages()) {
      if (message.offset() != last + 1) {
        wrong = "offset %d follows %d".formatted(message.offset(), last);
      }
      last = message.offset();
    }
    if (!sync.more() && last < sync.head()) {
      wrong = "no more after %d, with the head at %d".formatted(last, sync.head());
    }
    if (wrong != null) {
      found.accept(
          new Violation(
              Rule.SYNC_HOLE,
              "%s: %s was given %s".formatted(sync.conversation(), sync.device(), wrong),
              List.of(at.line())));
    }
  }

  /**
   * A push may come twice; one that comes behind a later one for the first time is out of order.
   */
  private static void checkPushOrder(Evidence evidence, Consumer<Violation> found) {
    Map<String, Lane> lanes = new HashMap<>();
    evidence
        .history()
        .all(Pushed.class)
        .forEach(
            at -> {
              Pushed push = at.event();
              Lane lane =
                  lanes.computeIfAbsent(
                      push.session() + " " + push.conversation() + " " + push.epoch(),
                      any -> new Lane());
              if (lane.seen.add(push.message().offset())) {
                if (push.message().offset() < lane.highest) {
                  found.accept(
                      new Violation(
                          Rule.PUSH_ORDER,
                          "%s: %s was pushed offset %d after %d"
                              .formatted(
                                  push.conversation(),
                                  push.device(),
                                  push.message().offset(),
                                  lane.highest),
                          List.of(lane.line, at.line())));
                } else {
                  lane.highest = push.message().offset();
                  lane.line = at.line();
                }
              }
            });
  }

  private static void checkClosed(At<Closed> at, Consumer<Violation> found) {
    int code = at.event().code();
    if (code >= STAY_AWAY && code <= STAY_AWAY_END) {
      found.accept(
          new Violation(
              Rule.CLOSED_FOR_GOOD,
              "%s was closed with %d".formatted(at.event().device(), code),
              List.of(at.line())));
    }
  }

  private static final class Lane {
    private final Set<Long> seen = new HashSet<>();
    private long highest;
    private int line;
  }
}
