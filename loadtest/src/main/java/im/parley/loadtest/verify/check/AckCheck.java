package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Refused;
import im.parley.loadtest.verify.history.Event.Sent;
import im.parley.loadtest.verify.history.History.At;
import im.parley.loadtest.verify.history.Stored;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What the senders were told, against the logs and against what they were told before. */
final class AckCheck implements Check {
  @Override
  public void check(Evidence evidence, Consumer<Violation> found) {
    evidence
        .acks()
        .forEach(
            (key, acks) -> {
              acks.forEach(ack -> checkKept(evidence, key, ack, found));
              checkDuplicates(evidence.sends(key), key, acks, found);
            });
    checkAnswered(evidence, found);
  }

  private static void checkKept(
      Evidence evidence, Key key, At<Acked> ack, Consumer<Violation> found) {
    Log log = evidence.log(key.conversation());
    if (log == null) {
      return;
    }
    Acked acked = ack.event();
    Stored kept = log.at(acked.offset());
    boolean same =
        kept != null
            && kept.id().equals(acked.id())
            && kept.cid().equals(acked.cid())
            && kept.from().equals(key.sender())
            && evidence.sends(key).stream()
                .anyMatch(sent -> sent.event().digest().equals(kept.digest()));
    if (!same) {
      List<Integer> lines = lines(evidence.sends(key));
      lines.add(ack.line());
      lines.add(log.line(acked.offset()));
      found.accept(
          new Violation(
              Rule.LOST,
              "%s: cid %s of %s was acknowledged as %s at offset %d, where the log has %s"
                  .formatted(
                      key.conversation(),
                      key.cid(),
                      key.sender(),
                      acked.id(),
                      acked.offset(),
                      kept == null ? "nothing" : kept),
              lines));
    }
  }

  private static void checkDuplicates(
      List<At<Sent>> sends, Key key, List<At<Acked>> acks, Consumer<Violation> found) {
    At<Acked> first = acks.get(0);
    boolean stored = false;
    for (At<Acked> ack : acks) {
      Acked told = ack.event();
      String wrong = null;
      if (!told.id().equals(first.event().id()) || told.offset() != first.event().offset()) {
        wrong =
            "was acknowledged as %s at offset %d, then as %s at offset %d"
                .formatted(first.event().id(), first.event().offset(), told.id(), told.offset());
      } else if (!told.duplicate() && stored) {
        wrong = "was acknowledged as new twice";
      } else if (told.duplicate()
          && sends.stream().filter(sent -> sent.line() < ack.line()).count() == 1) {
        wrong = "was called a duplicate, but had been sent once";
      }
      stored |= !told.duplicate();
      if (wrong != null) {
        List<Integer> lines = lines(sends);
        lines.add(first.line());
        lines.add(ack.line());
        found.accept(
            new Violation(
                Rule.WRONG_DUPLICATE,
                "%s: cid %s of %s %s".formatted(key.conversation(), key.cid(), key.sender(), wrong),
                lines));
      }
    }
  }

  private static void checkAnswered(Evidence evidence, Consumer<Violation> found) {
    Set<Key> refused = new HashSet<>();
    evidence
        .history()
        .all(Refused.class)
        .filter(at -> !at.event().retryable())
        .forEach(
            at -> {
              refused.add(Key.of(at.event()));
              found.accept(
                  new Violation(
                      Rule.REFUSED,
                      "%s: cid %s of %s was refused with %d"
                          .formatted(
                              at.event().conversation(),
                              at.event().cid(),
                              at.event().device(),
                              at.event().code()),
                      List.of(at.line())));
            });
    evidence
        .sends()
        .forEach(
            (key, sends) -> {
              if (evidence.acks(key).isEmpty() && !refused.contains(key)) {
                found.accept(
                    new Violation(
                        Rule.UNANSWERED,
                        "%s: cid %s of %s was sent %d times and never acknowledged"
                            .formatted(key.conversation(), key.cid(), key.sender(), sends.size()),
                        lines(sends)));
              }
            });
  }

  private static List<Integer> lines(List<At<Sent>> sends) {
    return new ArrayList<>(sends.stream().map(At::line).toList());
  }
}
