package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Sent;
import im.parley.loadtest.verify.history.History.At;
import im.parley.loadtest.verify.history.Stored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The order of each log against the order in which its messages were sent and acknowledged. */
final class OrderCheck implements Check {
  @Override
  public void check(Evidence evidence, Consumer<Violation> found) {
    evidence.logs().forEach(log -> checkTime(evidence, log, found));
    checkConnections(evidence, found);
  }

  /**
   * Of any two messages of a log: if one was acknowledged before the other was first sent, it comes
   * first. From the end, with the earliest acknowledgement of all that follow.
   */
  private static void checkTime(Evidence evidence, Log log, Consumer<Violation> found) {
    At<Acked> earliest = null;
    for (int i = log.messages().size() - 1; i >= 0; i--) {
      Stored message = log.messages().get(i);
      Key key = Key.of(log.conversation(), message);
      List<At<Sent>> sends = evidence.sends(key);
      if (!sends.isEmpty() && earliest != null && earliest.nanos() < sends.get(0).nanos()) {
        found.accept(
            new Violation(
                Rule.ORDER,
                "%s: offset %d was sent after offset %d had been acknowledged"
                    .formatted(log.conversation(), message.offset(), earliest.event().offset()),
                List.of(earliest.line(), sends.get(0).line(), log.line(message.offset()))));
      }
      List<At<Acked>> acks = evidence.acks(key);
      if (!acks.isEmpty() && (earliest == null || acks.get(0).nanos() < earliest.nanos())) {
        earliest = acks.get(0);
      }
    }
  }

  /** Requests that follow each other on one connection and are both stored at once keep order. */
  private static void checkConnections(Evidence evidence, Consumer<Violation> found) {
    Map<String, List<Exchange>> lanes = new HashMap<>();
    evidence
        .acks()
        .forEach(
            (key, acks) -> {
              At<Acked> ack = acks.get(0);
              List<At<Sent>> before =
                  evidence.sends(key).stream().filter(at -> at.line() < ack.line()).toList();
              if (!ack.event().duplicate() && !before.isEmpty()) {
                At<Sent> sent = before.get(before.size() - 1);
                if (sent.event().session() == ack.event().session()) {
                  lanes
                      .computeIfAbsent(
                          ack.event().session() + " " + key.conversation(),
                          any -> new ArrayList<>())
                      .add(new Exchange(sent, ack));
                }
              }
            });
    lanes.values().forEach(lane -> checkLane(lane, found));
  }

  private static void checkLane(List<Exchange> lane, Consumer<Violation> found) {
    lane.sort(Comparator.comparingInt(one -> one.sent().line()));
    for (int i = 1; i < lane.size(); i++) {
      Exchange former = lane.get(i - 1);
      Exchange latter = lane.get(i);
      // Offsets of different epochs do not compare.
      if (latter.acked().event().epoch().equals(former.acked().event().epoch())
          && latter.acked().event().offset() < former.acked().event().offset()) {
        found.accept(
            new Violation(
                Rule.ORDER,
                "%s: cids %s, %s were sent in this order on one connection and are at offsets %d, %d"
                    .formatted(
                        former.sent().event().conversation(),
                        former.sent().event().cid(),
                        latter.sent().event().cid(),
                        former.acked().event().offset(),
                        latter.acked().event().offset()),
                List.of(
                    former.sent().line(),
                    latter.sent().line(),
                    former.acked().line(),
                    latter.acked().line())));
      }
    }
  }

  private record Exchange(At<Sent> sent, At<Acked> acked) {}
}
