package im.parley.loadtest.bench;

import im.parley.loadtest.report.Bars;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The table of variants, a row each, and their bars. */
final class VariantsReport {
  private VariantsReport() {}

  /**
   * @param leftOut why some could not be measured
   */
  static Report write(BenchPlan plan, Trials trials, List<String> leftOut) throws IOException {
    String how = "Parley alone. " + plan.described();
    Report report = new Report(plan, "variants", how, trials.subjects(), trials.invalid());
    report.leftOut(leftOut);
    List<Figure> figures = Arrays.asList(Figure.values());
    List<String> head = new ArrayList<>(List.of(""));
    figures.forEach(figure -> head.add(figure.brief()));
    report.table(head, trials.subjects().stream().map(each -> row(trials, each)).toList());
    report.page().bars("bars", how, figures.stream().map(figure -> panel(trials, figure)).toList());
    return report.write(trials.json());
  }

  private static List<String> row(Trials trials, Subject subject) {
    List<String> row = new ArrayList<>(List.of(subject.label()));
    for (Figure figure : Figure.values()) {
      row.add(trials.cell(subject.label(), figure));
    }
    return row;
  }

  private static Bars.Panel panel(Trials trials, Figure figure) {
    return new Bars.Panel(
        figure.brief() + (figure.isRate() ? " (more is better)" : " (less is better)"),
        trials.subjects().stream().map(subject -> bar(trials, subject.label(), figure)).toList());
  }

  private static Bars.Bar bar(Trials trials, String subject, Figure figure) {
    List<Double> rounds = trials.sorted(subject, figure);
    return rounds.isEmpty()
        ? new Bars.Bar(subject, Double.NaN, Double.NaN, Double.NaN)
        : new Bars.Bar(subject, Medians.of(rounds), rounds.get(0), rounds.get(rounds.size() - 1));
  }
}
