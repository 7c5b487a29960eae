package im.parley.loadtest.report;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.run.Tick;
import im.parley.loadtest.scenario.Options;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * go-stress-testing's table: a row a second with what has been so far. One column differs on
 * purpose: {@code qps} is answers per second of the clock, where the original divides by the summed
 * waiting time and so shows rates that never were.
 */
public final class PingTable {
  private final PrintStream out;
  private final Options options;
  private boolean begun;

  public PingTable(PrintStream out, Options options) {
    this.out = out;
    this.options = options;
  }

  public void row(double since, Tick tick, PhaseTotals soFar) {
    if (!begun) {
      begun = true;
      out.println();
      out.println(
          "─────┬───────┬───────┬───────┬────────┬────────┬────────┬────────┬────────┬────────┬────────");
      out.println(" 耗时│ 并发数│ 成功数│ 失败数│   qps  │最长耗时│最短耗时│平均耗时│下载字节│字节每秒│ 状态码");
      out.println(
          "─────┼───────┼───────┼───────┼────────┼────────┼────────┼────────┼────────┼────────┼────────");
    }
    Sample total = soFar.total();
    Histogram times = total.histograms().histogram(Metric.ACK);
    boolean none = times.getTotalCount() == 0;
    out.println(
        String.format(
            Locale.ROOT,
            "%4.0fs│%7d│%7d│%7d│%8.2f│%8.2f│%8.2f│%8.2f│%,8d│%,8.0f│%s",
            since,
            tick.sample().ready(),
            total.get(Counter.ANSWERED),
            failures(total),
            total.get(Counter.ANSWERED) / since,
            none ? 0 : times.getMaxValue() / 1e3,
            none ? 0 : times.getMinValue() / 1e3,
            none ? 0 : times.getMean() / 1e3,
            total.get(Counter.BYTES_IN),
            total.get(Counter.BYTES_IN) / since,
            codes(total)));
  }

  private static long failures(Sample total) {
    return total.get(Counter.REFUSED) + total.get(Counter.UNANSWERED);
  }

  private static String codes(Sample total) {
    String others =
        total.codes().entrySet().stream()
            .map(e -> ";" + e.getKey() + ":" + e.getValue())
            .collect(Collectors.joining());
    return "200:" + total.get(Counter.ANSWERED) + others;
  }

  public void end(PhaseTotals phase) {
    Sample total = phase.total();
    Histogram times = total.histograms().histogram(Metric.ACK);
    out.println();
    out.println("*************************  结果 stat  ****************************");
    out.println("处理协程数量: " + options.connections);
    out.println(
        String.format(
            Locale.ROOT,
            "请求总数（并发数*请求数 -c * -n）: %d 总请求时间: %.3f 秒 successNum: %d failureNum: %d",
            (long) options.connections * options.messages,
            phase.seconds(),
            total.get(Counter.ANSWERED),
            failures(total)));
    for (int percent : new int[] {90, 95, 99}) {
      double millis = times.getTotalCount() == 0 ? 0 : times.getValueAtPercentile(percent) / 1e3;
      out.println(String.format(Locale.ROOT, "tp%d: %.3f", percent, millis));
    }
    out.println("*************************  结果 end   ****************************");
  }
}
