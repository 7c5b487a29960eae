package im.parley.loadtest.verify.check;

import java.util.List;

/**
 * A rule that a history breaks.
 *
 * @param lines of the history that prove it, ascending
 */
public record Violation(Rule rule, String what, List<Integer> lines) {
  public Violation {
    lines = lines.stream().distinct().sorted().toList();
  }
}
