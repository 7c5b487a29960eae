package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event.Sent;
import im.parley.loadtest.verify.history.History.At;
import im.parley.loadtest.verify.history.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The logs by themselves: holes, doubles, what nobody sent, and whether all nodes read the same.
 */
final class LogCheck implements Check {
  @Override
  public void check(Evidence evidence, Consumer<Violation> found) {
    checkRead(evidence, found);
    Map<String, String> placeOfId = new HashMap<>();
    for (Log log : evidence.logs()) {
      checkOffsets(log, found);
      checkOnce(log, placeOfId, found);
      checkSent(evidence, log, found);
    }
    checkAgreement(evidence, found);
  }

  private static void checkRead(Evidence evidence, Consumer<Violation> found) {
    for (String conversation : evidence.plan().members().keySet()) {
      for (String target : evidence.plan().targets()) {
        Log log = evidence.log(conversation, target);
        if (log == null || !log.isWhole()) {
          found.accept(
              new Violation(
                  Rule.NEVER_READ,
                  "%s: %s did not give its whole log".formatted(conversation, target),
                  log == null ? List.of() : log.lines()));
        }
      }
    }
  }

  private static void checkOffsets(Log log, Consumer<Violation> found) {
    long expected = 1;
    for (Stored message : log.messages()) {
      if (message.offset() != expected) {
        found.accept(
            new Violation(
                Rule.HOLE,
                "%s: offset %d follows %d"
                    .formatted(log.conversation(), message.offset(), expected - 1),
                List.of(log.line(expected - 1), log.line(message.offset()))));
      }
      expected = message.offset() + 1;
    }
    if (log.head() != expected - 1 || log.first() > 1) {
      found.accept(
          new Violation(
              Rule.HOLE,
              "%s: first %d and head %d are told, the log ends at %d"
                  .formatted(log.conversation(), log.first(), log.head(), expected - 1),
              log.lines()));
    }
  }

  private static void checkOnce(Log log, Map<String, String> ids, Consumer<Violation> found) {
    Map<Key, Stored> seen = new HashMap<>();
    for (Stored message : log.messages()) {
      Stored former = seen.putIfAbsent(Key.of(log.conversation(), message), message);
      if (former != null) {
        found.accept(
            new Violation(
                Rule.DOUBLE,
                "%s: cid %s of %s is at offsets %d and %d"
                    .formatted(
                        log.conversation(),
                        message.cid(),
                        message.from(),
                        former.offset(),
                        message.offset()),
                List.of(log.line(former.offset()), log.line(message.offset()))));
      }
      String place = log.conversation() + " offset " + message.offset();
      String other = ids.putIfAbsent(message.id(), place);
      if (other != null) {
        found.accept(
            new Violation(
                Rule.DOUBLE,
                "id %s is at %s and at %s".formatted(message.id(), other, place),
                List.of(log.line(message.offset()))));
      }
    }
  }

  private static void checkSent(Evidence evidence, Log log, Consumer<Violation> found) {
    for (Stored message : log.messages()) {
      List<At<Sent>> sends = evidence.sends(Key.of(log.conversation(), message));
      if (sends.stream().noneMatch(at -> at.event().digest().equals(message.digest()))) {
        List<Integer> lines = new ArrayList<>(sends.stream().map(At::line).toList());
        lines.add(log.line(message.offset()));
        found.accept(
            new Violation(
                Rule.GHOST,
                "%s: offset %d, cid %s of %s, was never sent so"
                    .formatted(log.conversation(), message.offset(), message.cid(), message.from()),
                lines));
      }
    }
  }

  private static void checkAgreement(Evidence evidence, Consumer<Violation> found) {
    for (Log log : evidence.readings()) {
      Log other = evidence.log(log.conversation());
      if (!log.isWhole() || log == other) {
        continue;
      }
      if (!log.epoch().equals(other.epoch()) || !log.messages().equals(other.messages())) {
        List<Integer> lines = new ArrayList<>(other.lines());
        lines.addAll(log.lines());
        found.accept(
            new Violation(
                Rule.DISAGREEMENT,
                "%s: %s and %s read different logs"
                    .formatted(log.conversation(), other.target(), log.target()),
                lines));
      }
    }
  }
}
