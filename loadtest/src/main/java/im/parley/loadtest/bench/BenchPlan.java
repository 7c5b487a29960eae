package im.parley.loadtest.bench;

import java.nio.file.Path;

/**
 * What the bench is to do.
 *
 * @param serverJar Parley's
 * @param connections of the memory, connect and broadcast figures
 * @param rounds each of which measures every subject once; figures are medians over them
 * @param out where reports, logs and the servers' data go
 * @param commit of the server, for the report
 * @param command that repeats the bench, for the report
 */
public record BenchPlan(
    Path serverJar, int connections, int rounds, Path out, String commit, String command) {
  public BenchPlan {
    expect(connections >= 10, "--connections", connections, "at least 10");
    expect(rounds > 0, "--rounds", rounds, "at least 1");
  }

  static void expect(boolean ok, String option, Object value, String expected) {
    if (!ok) {
      throw new IllegalArgumentException(option + " " + value + ": expected " + expected);
    }
  }

  /** How many figures the medians are of. */
  String described() {
    String figures =
        rounds == 1 ? "One round" : "Medians of %d rounds (least to most)".formatted(rounds);
    return "%s, %,d connections.".formatted(figures, connections);
  }
}
