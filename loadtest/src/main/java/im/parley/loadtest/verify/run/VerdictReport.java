package im.parley.loadtest.verify.run;

import im.parley.loadtest.verify.check.Rule;
import im.parley.loadtest.verify.check.Verdict;
import im.parley.loadtest.verify.check.Violation;
import im.parley.loadtest.verify.check.Window;
import im.parley.loadtest.verify.history.History;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A verdict for people: what is wrong with its proof, what was felt, how much was judged. */
public final class VerdictReport {
  private static final int SHOWN_PER_RULE = 5;
  private static final int SHOWN_LINES = 4;
  private static final int SHOWN_CHARACTERS = 300;

  private final Verdict verdict;
  private final Path history;

  public VerdictReport(Verdict verdict, Path history) {
    this.verdict = verdict;
    this.history = history;
  }

  /**
   * @throws IOException if the lines that prove a violation cannot be read
   */
  public void print(PrintWriter out) throws IOException {
    verdict.counts().forEach((name, count) -> out.printf("%-28s %,12d%n", name, count));
    if (!verdict.windows().isEmpty()) {
      out.printf("%n%-24s %9s %13s %14s%n", "fault", "lasted", "without ack", "longest wait");
    }
    for (Window window : verdict.windows()) {
      out.printf(
          "%-24s %7.1f s %11.1f s %12.1f s%n",
          window.fault(),
          window.lastedSeconds(),
          window.withoutAckSeconds(),
          window.longestWaitSeconds());
    }
    out.println();
    printViolations(out);
    out.printf("history: %s%n", history);
    out.println(
        verdict.isValid() ? "VALID" : "INVALID: " + verdict.violations().size() + " violations");
    out.flush();
  }

  private void printViolations(PrintWriter out) throws IOException {
    Map<Rule, List<Violation>> byRule =
        verdict.violations().stream()
            .collect(
                Collectors.groupingBy(
                    Violation::rule, () -> new EnumMap<>(Rule.class), Collectors.toList()));
    TreeSet<Integer> wanted = new TreeSet<>();
    byRule
        .values()
        .forEach(all -> shown(all).forEach(violation -> wanted.addAll(shownLines(violation))));
    Map<Integer, String> texts = History.texts(history, wanted);
    byRule.forEach(
        (rule, all) -> {
          out.printf("%s (%s): %d%n", rule, rule.meaning(), all.size());
          for (Violation violation : shown(all)) {
            out.printf("  %s%n", violation.what());
            for (int line : shownLines(violation)) {
              out.printf("    line %d: %s%n", line, clip(texts.getOrDefault(line, "")));
            }
          }
          if (all.size() > SHOWN_PER_RULE) {
            out.printf("  … and %d more%n", all.size() - SHOWN_PER_RULE);
          }
        });
    if (!byRule.isEmpty()) {
      out.println();
    }
  }

  private static List<Violation> shown(List<Violation> all) {
    return all.subList(0, Math.min(SHOWN_PER_RULE, all.size()));
  }

  private static List<Integer> shownLines(Violation violation) {
    List<Integer> lines = violation.lines();
    return lines.subList(0, Math.min(SHOWN_LINES, lines.size()));
  }

  private static String clip(String text) {
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
  }
}
