package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event;
import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.FaultBegan;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Read;
import im.parley.loadtest.verify.history.Event.Synced;
import im.parley.loadtest.verify.history.Line;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A new epoch needs a reason: each fault that may change epochs allows a conversation one more. */
final class EpochCheck implements Check {
  @Override
  public void check(Evidence evidence, Consumer<Violation> found) {
    if (evidence.plan().epochsMayChange()) {
      return;
    }
    Map<String, Map<String, Integer>> seen = new HashMap<>();
    int allowed = 1;
    for (Line line : evidence.history().lines()) {
      Event event = line.event();
      if (event instanceof FaultBegan fault && fault.epochsMayChange()) {
        allowed++;
      }
      String conversation = conversation(event);
      if (conversation == null) {
        continue;
      }
      Map<String, Integer> epochs =
          seen.computeIfAbsent(conversation, any -> new LinkedHashMap<>());
      Integer before = epochs.putIfAbsent(epoch(event), line.number());
      if (before == null && epochs.size() > allowed) {
        found.accept(
            new Violation(
                Rule.EPOCH,
                "%s: epochs %s, where %d may be".formatted(conversation, epochs.keySet(), allowed),
                List.copyOf(epochs.values())));
      }
    }
  }

  /** Null if the event shows no epoch. An empty log has not begun and has none. */
  private static String conversation(Event event) {
    if (event instanceof Acked acked) {
      return acked.conversation();
    } else if (event instanceof Pushed pushed) {
      return pushed.conversation();
    } else if (event instanceof Synced synced && synced.head() > 0) {
      return synced.conversation();
    } else if (event instanceof Read read && read.head() > 0) {
      return read.conversation();
    }
    return null;
  }

  private static String epoch(Event event) {
    if (event instanceof Acked acked) {
      return acked.epoch();
    } else if (event instanceof Pushed pushed) {
      return pushed.epoch();
    } else if (event instanceof Synced synced) {
      return synced.epoch();
    }
    return ((Read) event).epoch();
  }
}
