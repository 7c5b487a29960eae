package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.FaultBegan;
import im.parley.loadtest.verify.history.Event.FaultEnded;
import im.parley.loadtest.verify.history.History.At;
import java.util.ArrayList;
import java.util.List;

/** Measures how long each fault kept senders waiting. */
final class Windows {
  private static final double NANOS = 1e9;

  private Windows() {}

  static List<Window> of(Evidence evidence) {
    long[] acks = evidence.history().all(Acked.class).mapToLong(At::nanos).sorted().toArray();
    List<At<FaultEnded>> ends = new ArrayList<>(evidence.history().all(FaultEnded.class).toList());
    List<Window> windows = new ArrayList<>();
    evidence
        .history()
        .all(FaultBegan.class)
        .forEach(
            began -> {
              long end = end(ends, began);
              windows.add(
                  new Window(
                      began.event().fault(),
                      (end - began.nanos()) / NANOS,
                      withoutAck(acks, began.nanos(), end) / NANOS,
                      longestWait(evidence, began.nanos(), end) / NANOS));
            });
    return windows;
  }

  private static long end(List<At<FaultEnded>> ends, At<FaultBegan> began) {
    for (At<FaultEnded> ended : ends) {
      if (ended.line() > began.line() && ended.event().fault().equals(began.event().fault())) {
        return ended.nanos();
      }
    }
    return began.nanos();
  }

  /** The last interval may end after the fault, the first may begin before it. */
  private static long withoutAck(long[] acks, long begin, long end) {
    long longest = 0;
    for (int i = 1; i < acks.length; i++) {
      if (acks[i] > begin && acks[i - 1] < end) {
        longest = Math.max(longest, acks[i] - Math.max(begin, acks[i - 1]));
      }
    }
    return longest;
  }

  private static long longestWait(Evidence evidence, long begin, long end) {
    long longest = 0;
    for (var sends : evidence.sends().entrySet()) {
      List<At<Acked>> acks = evidence.acks(sends.getKey());
      long sent = sends.getValue().get(0).nanos();
      if (!acks.isEmpty() && sent < end && acks.get(0).nanos() > begin) {
        longest = Math.max(longest, acks.get(0).nanos() - sent);
      }
    }
    return longest;
  }
}
