package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.History;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges a history by every {@link Rule}. It knows nothing of servers or clients: the same history
 * gets the same verdict, whenever it is read.
 */
public final class Checker {
  private static final List<Check> CHECKS =
      List.of(
          new LogCheck(),
          new AckCheck(),
          new OrderCheck(),
          new EpochCheck(),
          new ReaderCheck(),
          new CompletenessCheck());

  private Checker() {}

  /**
   * @throws IllegalArgumentException if the history does not begin with a plan
   */
  public static Verdict check(History history) {
    Evidence evidence = new Evidence(history);
    List<Violation> violations = new ArrayList<>();
    CHECKS.forEach(check -> check.check(evidence, violations::add));
    return new Verdict(List.copyOf(violations), Counts.of(evidence), Windows.of(evidence));
  }
}
