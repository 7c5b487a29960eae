package im.parley.cli.doctor;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All findings, by what they concern, and what is told of them. */
public final class Examination {
  private final Wish wish;
  private final Map<String, List<Finding>> chapters = new LinkedHashMap<>();

  private Examination(Wish wish) {
    this.wish = wish;
  }

  /** Looks at everything once. */
  public static Examination of(SystemFiles files, Jvm jvm, Wish wish) {
    Examination examination = new Examination(wish);
    examination.chapters.put("files", FileLimits.of(files, wish));
    examination.chapters.put("connecting", ConnectLimits.of(files, wish));
    examination.chapters.put("traffic", TrafficLimits.of(files, wish));
    examination.chapters.put("memory", MemoryLimits.of(files, wish));
    examination.chapters.put("processors", ProcessorLimits.of(files, wish, jvm.processors()));
    examination.chapters.put("java", JvmLimits.of(jvm, wish));
    return examination;
  }

  /** Every finding, in order. */
  public List<Finding> findings() {
    return chapters.values().stream().flatMap(List::stream).toList();
  }

  /** Whether nothing is in the way of the wished number. */
  public boolean isFine() {
    return findings().stream().noneMatch(finding -> finding.verdict() == Verdict.LOW);
  }

  /** For people: each finding on a line, and beneath those that are low why, and what to do. */
  public void print(PrintWriter out) {
    out.printf("%s connections on one node need%n", Words.number(wish.connections()));
    chapters.forEach(
        (chapter, findings) -> {
          out.printf("%n%s%n", chapter);
          findings.forEach(finding -> print(finding, out));
        });
    long low = findings().stream().filter(f -> f.verdict() == Verdict.LOW).count();
    out.printf(
        "%n%s%n",
        low == 0 ? "Nothing is in the way." : low + " to change. Why, and more: docs/tuning.md");
  }

  private static void print(Finding finding, PrintWriter out) {
    String needed = finding.needed().isEmpty() ? "" : " (" + finding.needed() + ")";
    out.printf("  %-7s %s: %s%s%n", finding.verdict(), finding.name(), finding.value(), needed);
    if (finding.verdict() == Verdict.LOW || finding.verdict() == Verdict.NOTE) {
      out.printf("          %s%n", finding.why());
    }
    finding.change().forEach(change -> out.printf("          → %s%n", change));
  }

  /** For programs. */
  public JsonObject json() {
    JsonArray all = new JsonArray();
    chapters.forEach(
        (chapter, findings) ->
            findings.forEach(
                finding ->
                    all.add(
                        new JsonObject()
                            .put("chapter", chapter)
                            .put("name", finding.name())
                            .put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT))
                            .put("value", finding.value())
                            .put("needed", finding.needed())
                            .put("why", finding.why())
                            .put("change", new JsonArray(finding.change())))));
    return new JsonObject()
        .put("connections", wish.connections())
        .put("fine", isFine())
        .put("findings", all);
  }
}
