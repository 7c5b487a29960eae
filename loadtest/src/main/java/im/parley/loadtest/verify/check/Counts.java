package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event;
import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Closed;
import im.parley.loadtest.verify.history.Event.LoggedIn;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Refused;
import im.parley.loadtest.verify.history.Event.Sent;
import im.parley.loadtest.verify.history.Event.Synced;
import im.parley.loadtest.verify.history.History.At;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How much there was to judge, and what the protocol allows but is good to know. */
final class Counts {
  private Counts() {}

  static Map<String, Long> of(Evidence evidence) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("messages sent", (long) evidence.sends().size());
    counts.put("attempts", count(evidence, Sent.class));
    counts.put("acknowledged", (long) evidence.acks().size());
    counts.put(
        "duplicates told",
        evidence.history().all(Acked.class).filter(at -> at.event().duplicate()).count());
    counts.put("in the logs", evidence.logs().stream().mapToLong(Log::head).sum());
    counts.put("logs read", (long) evidence.readings().size());
    counts.put("received by push", count(evidence, Pushed.class));
    counts.put("of which again", again(evidence));
    counts.put("to the session that sent it", echoes(evidence));
    counts.put(
        "received by sync",
        evidence.history().all(Synced.class).mapToLong(at -> at.event().messages().size()).sum());
    counts.put("logins", count(evidence, LoggedIn.class));
    Map<Integer, Long> codes = new TreeMap<>();
    evidence
        .history()
        .all(Refused.class)
        .forEach(at -> codes.merge(at.event().code(), 1L, Long::sum));
    codes.forEach((code, times) -> counts.put("refused with " + code, times));
    Map<Integer, Long> closes = new TreeMap<>();
    evidence
        .history()
        .all(Closed.class)
        .forEach(at -> closes.merge(at.event().code(), 1L, Long::sum));
    closes.forEach((code, times) -> counts.put("closed with " + code, times));
    return counts;
  }

  private static long count(Evidence evidence, Class<? extends Event> kind) {
    return evidence.history().all(kind).count();
  }

  private static long again(Evidence evidence) {
    Set<String> seen = new HashSet<>();
    return evidence
        .history()
        .all(Pushed.class)
        .map(At::event)
        .filter(
            push ->
                !seen.add(
                    "%d %s %s %d"
                        .formatted(
                            push.session(),
                            push.conversation(),
                            push.epoch(),
                            push.message().offset())))
        .count();
  }

  private static long echoes(Evidence evidence) {
    return evidence
        .history()
        .all(Pushed.class)
        .map(At::event)
        .filter(
            push -> {
              var sends = evidence.sends(Key.of(push.conversation(), push.message()));
              return !sends.isEmpty()
                  && sends.stream().allMatch(sent -> sent.event().session() == push.session());
            })
        .count();
  }
}
