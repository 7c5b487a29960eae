package im.parley.loadtest.bench;

import im.parley.loadtest.report.Comparison;
import im.parley.loadtest.report.Machine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What a bench found: tables for people, JSON for programs, and a page with pictures. */
public final class Report {
  private final BenchPlan plan;
  private final String name;
  private final String how;
  private final List<Subject> subjects;
  private final List<String> invalid;
  private final Comparison page;
  private final List<String> printed = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  /**
   * @param name of its files
   * @param how the figures came about
   * @param invalid the runs in which the generator did not keep up
   */
  Report(BenchPlan plan, String name, String how, List<Subject> subjects, List<String> invalid) {
    this.plan = plan;
    this.name = name;
    this.how = how;
    this.subjects = subjects;
    this.invalid = invalid;
    page = new Comparison("Parley " + name);
    page.facts(where(), plan.command(), how);
    invalid.forEach(page::warning);
  }

  private String where() {
    return now + ", commit " + plan.commit() + ", " + Machine.describe();
  }

  /** Where its pictures go. */
  Comparison page() {
    return page;
  }

  Report table(List<String> head, List<List<String>> rows) {
    page.table(head, rows);
    printed.add("");
    printed.add("| " + String.join(" | ", head) + " |");
    printed.add("|" + "---|".repeat(head.size()));
    rows.forEach(row -> printed.add("| " + String.join(" | ", row) + " |"));
    return this;
  }

  /** Says what could not be measured, and why. */
  void leftOut(List<String> reasons) {
    leftOut.addAll(reasons);
    reasons.forEach(reason -> page.note("left out: " + reason));
  }

  /**
   * Writes all of it.
   *
   * @param figures for programs; takes what describes them
   */
  Report write(JsonObject figures) throws IOException {
    List<String> described = subjects.stream().map(Subject::described).toList();
    page.list("The servers and the flags of their JVMs", described);
    page.write(plan.out(), name);
    JsonObject json =
        new JsonObject()
            .put("at", now.toString())
            .put("commit", plan.commit())
            .put("machine", Machine.describe())
            .put("command", plan.command())
            .put("servers", new JsonArray(described))
            .put("connections", plan.connections())
            .put("leftOut", new JsonArray(leftOut))
            .put("valid", invalid.isEmpty())
            .put("invalid", new JsonArray(invalid))
            .mergeIn(figures);
    Files.writeString(plan.out().resolve(name + ".json"), json.encodePrettily() + "\n");
    return this;
  }

  public void print(PrintStream out) {
    out.println();
    out.println(where());
    out.println(how);
    subjects.forEach(subject -> out.println(subject.described()));
    printed.forEach(out::println);
    leftOut.forEach(reason -> out.println("left out: " + reason));
    invalid.forEach(out::println);
    if (!invalid.isEmpty()) {
      out.println("invalid: generator saturated");
    }
  }

  /** Whether everything that was asked for was measured. */
  public boolean isComplete() {
    return leftOut.isEmpty();
  }

  /** The runs in which the generator did not keep up; their figures do not count. */
  public List<String> invalid() {
    return invalid;
  }
}
