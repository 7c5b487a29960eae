package im.parley.loadtest.verify.check;

import java.util.List;
import java.util.Map;

/**
 * What a history shows.
 *
 * @param violations empty if it is valid
 * @param counts of what was judged, by name
 * @param windows of each fault, in order
 */
public record Verdict(List<Violation> violations, Map<String, Long> counts, List<Window> windows) {
  public boolean isValid() {
    return violations.isEmpty();
  }
}
