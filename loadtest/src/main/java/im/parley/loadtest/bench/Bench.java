package im.parley.loadtest.bench;

import im.parley.loadtest.bench.Subject.Program;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures several servers in turn, several rounds, each in a JVM of its own. One thread's. */
public final class Bench {
  private final BenchPlan plan;
  private final PrintStream log;

  public Bench(BenchPlan plan, PrintStream log) {
    this.plan = plan;
    this.log = log;
  }

  /** Floor and Parley: writes {@code bench.json}, {@code bench.html} and the plots. */
  public Report ratios(Launcher launcher) throws IOException, InterruptedException {
    Path jdk = Subject.ownJdk();
    List<String> flags = launcher.flags(jdk, List.of(), plan.serverJar());
    List<String> floor = Launcher.withoutCache(flags);
    Trials trials =
        measure(
            List.of(
                new Subject(Subject.FLOOR, Program.FLOOR, jdk, floor, List.of()),
                new Subject(Subject.PARLEY, Program.PARLEY, jdk, flags, List.of())));
    return BenchReport.write(plan, trials);
  }

  /**
   * Parley alone, in these ways: writes {@code variants.json}, {@code variants.html} and the bars.
   * One that cannot be run here is left out.
   *
   * @param named homes of JDKs, before those that are found
   */
  public Report variants(Launcher launcher, List<Variant> variants, List<Path> named)
      throws IOException, InterruptedException {
    Jdks jdks = Jdks.find(named);
    List<Subject> subjects = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (Variant variant : variants) {
      try {
        Subject subject = variant.subject(launcher, jdks, plan.serverJar());
        tryOut(subject);
        subjects.add(subject);
      } catch (IOException | IllegalArgumentException e) {
        leftOut.add(e.getMessage());
        log.println("left out: " + e.getMessage());
      }
    }
    return VariantsReport.write(plan, measure(subjects), leftOut);
  }

  /** Starts it once, so that one that cannot be run is known before the others are measured. */
  private void tryOut(Subject subject) throws IOException, InterruptedException {
    Files.createDirectories(plan.out());
    ServerProcess.start(subject, plan, subject.fileName(), ServerProcess.DEFAULT_HEAP).close();
  }

  private Trials measure(List<Subject> subjects) throws IOException, InterruptedException {
    Files.createDirectories(plan.out());
    List<Measured> all = new ArrayList<>();
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Subject subject : subjects) {
        Measured one = Measured.begin(subject, round, plan);
        all.add(one);
        new Trial(plan, one, log).run();
      }
    }
    return new Trials(all);
  }
}
