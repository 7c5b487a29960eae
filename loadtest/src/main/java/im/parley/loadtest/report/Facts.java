package im.parley.loadtest.report;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Fanout;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.probe.ServerSample;
import im.parley.loadtest.probe.Settled;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.run.Tick;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.ScaleScenario;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The figures of a run that one would quote, by name, in the order of their weight. */
public final class Facts {
  /** By the send to the last receiver of each. */
  public static final String BROADCAST_RATE = "deliveries per second, median broadcast";

  public static final String REMOVAL_PEAK = "removals per second, busiest 100 ms";

  public static final String LAST_RECEIVER = "seconds to the last receiver, median";

  private static final long WINDOW_NANOS = 100_000_000;

  private Facts() {}

  public static Map<String, Double> of(RunResult result) {
    Map<String, Double> facts = new LinkedHashMap<>();
    Sample total = result.total();
    PhaseTotals connect = result.phases().get(0);
    PhaseTotals measured = result.measured();
    facts.put("connections ready", (double) total.get(Counter.READY));
    facts.put("connects per second", connect.perSecond(Counter.READY));
    if (result.settled().size() == 2) {
      memory(result.settled().get(0), result.settled().get(1), facts);
    }
    switch (result.kind()) {
      case DIRECT, ROOM, PING -> {
        facts.put("answers per second", measured.perSecond(Counter.ANSWERED));
        if (result.kind() != Kind.PING) {
          facts.put("deliveries per second", measured.perSecond(Counter.DELIVERED));
        }
      }
      case BROADCAST -> {
        facts.put(BROADCAST_RATE, median(measured, Fanout::perSecond));
        facts.put(LAST_RECEIVER, median(measured, Fanout::seconds));
      }
      case EXPIRE -> removals(measured.total().fanouts().values(), facts);
      case STORM -> {
        facts.put("seconds until all had recovered", measured.seconds());
        facts.put("recoveries per second", measured.perSecond(Counter.SYNCED));
      }
      case CHURN -> facts.put("replacements per second", measured.perSecond(Counter.READY));
      case LOSS -> {
        facts.put("nodes that said all are offline", (double) offline(measured).getTotalCount());
        facts.put("seconds until the last one did", offline(measured).getMaxValue() / 1e6);
      }
      case SCALE -> result.phases().forEach(phase -> scale(phase, facts));
      case CONNECT -> {}
    }
    collections(result, facts);
    facts.put("deliveries missing", (double) result.missing());
    facts.put("connects failed", (double) total.get(Counter.FAILED));
    facts.put("connections lost", (double) total.get(Counter.LOST));
    facts.put("requests refused", (double) total.get(Counter.REFUSED));
    facts.put("requests unanswered", (double) total.get(Counter.UNANSWERED));
    return facts;
  }

  private static Histogram offline(PhaseTotals measured) {
    return measured.total().histograms().histogram(Metric.OFFLINE);
  }

  private static void scale(PhaseTotals phase, Map<String, Double> facts) {
    switch (phase.name()) {
      case ScaleScenario.BROADCAST -> {
        facts.put(BROADCAST_RATE, median(phase, Fanout::perSecond));
        facts.put(LAST_RECEIVER, median(phase, Fanout::seconds));
      }
      case ScaleScenario.DIRECT -> {
        facts.put("answers per second", phase.perSecond(Counter.ANSWERED));
        facts.put("deliveries per second", phase.perSecond(Counter.DELIVERED));
      }
      case ScaleScenario.EXPIRE -> removals(phase.total().fanouts().values(), facts);
      case ScaleScenario.STOP -> facts.put("seconds until the server had stopped", phase.seconds());
      default -> {}
    }
  }

  private static void memory(Settled before, Settled after, Map<String, Double> facts) {
    facts.put("server: live heap bytes per connection", after.heapPerConnection(before));
    facts.put("server: resident bytes per connection", after.rssPerConnection(before));
    facts.put("server: resident MB", after.rssBytes() / 1e6);
  }

  private static void collections(RunResult result, Map<String, Double> facts) {
    List<ServerSample> samples =
        result.ticks().stream().map(Tick::server).filter(Objects::nonNull).toList();
    if (samples.isEmpty() || Double.isNaN(samples.get(0).gcSeconds())) {
      return;
    }
    ServerSample last = samples.get(samples.size() - 1);
    facts.put("server: ms in collections", (last.gcSeconds() - samples.get(0).gcSeconds()) * 1e3);
    facts.put("server: longest collection lately, ms", last.longestPauseSeconds() * 1e3);
  }

  /** The fanouts are {@linkplain Fanout#slice slices}, ascending. */
  private static void removals(Collection<Fanout> slices, Map<String, Double> facts) {
    long removed = 0;
    long inWindow = 0;
    long peak = 0;
    Deque<Fanout> window = new ArrayDeque<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Fanout slice : slices) {
      removed += slice.reached();
      window.add(slice);
      inWindow += slice.reached();
      while (window.peek().sentNanos() <= slice.sentNanos() - WINDOW_NANOS) {
        inWindow -= window.remove().reached();
      }
      peak = Math.max(peak, inWindow);
      first = Math.min(first, slice.firstNanos());
      last = Math.max(last, slice.lastNanos());
    }
    facts.put("connections removed", (double) removed);
    if (removed > 0) {
      facts.put(
          "removals per second, first to last", removed / Math.max(1e-9, (last - first) / 1e9));
      facts.put(REMOVAL_PEAK, peak * 1e9 / WINDOW_NANOS);
    }
  }

  private static double median(PhaseTotals phase, ToDoubleFunction<Fanout> figure) {
    List<Double> sorted =
        phase.total().fanouts().values().stream().map(figure::applyAsDouble).sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }

  /** Whole when it is large, with three digits when it is small. */
  public static String text(double value) {
    if (Double.isNaN(value)) {
      return "unknown";
    }
    boolean whole = Math.abs(value) >= 100 || value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%,.0f" : "%.3g", value);
  }
}
