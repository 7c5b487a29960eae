package im.parley.loadtest.measure;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happened since the sample before: on one loop, on one worker, or, merged, on all. Counters
 * and histograms add up; {@code open} and {@code ready} are levels and add up over workers only.
 * Owned by one thread at a time.
 */
public final class Sample {
  private final Map<Counter, Long> counters = new EnumMap<>(Counter.class);
  private final Map<Integer, Long> codes = new TreeMap<>();
  private final Map<Long, Fanout> fanouts = new TreeMap<>();
  private final Histograms histograms = new Histograms();
  private final List<Double> loopCpu = new ArrayList<>();
  private long open;
  private long ready;
  private double processCpu;
  private String refusal = "";

  public void add(Counter counter, long n) {
    if (n != 0) {
      counters.merge(counter, n, Long::sum);
    }
  }

  public long get(Counter counter) {
    return counters.getOrDefault(counter, 0L);
  }

  /** Counts a reply code other than 200, or a close code. */
  public void addCode(int code, long n) {
    codes.merge(code, n, Long::sum);
  }

  public Map<Integer, Long> codes() {
    return codes;
  }

  public void addFanout(Fanout fanout) {
    fanouts.merge(fanout.sentNanos(), fanout, Fanout::merge);
  }

  /** By the time at which the message was due. */
  public Map<Long, Fanout> fanouts() {
    return fanouts;
  }

  public Histograms histograms() {
    return histograms;
  }

  /** Busy share of each event loop's thread since the sample before, 0 to 1. */
  public List<Double> loopCpu() {
    return loopCpu;
  }

  /** Cores' worth of processor time that the worker's process used. */
  public double processCpu() {
    return processCpu;
  }

  public void processCpu(double cores) {
    processCpu = cores;
  }

  /** Why a connect failed lately, in words; empty if none did. */
  public String refusal() {
    return refusal;
  }

  public void refusal(String why) {
    refusal = why;
  }

  public long open() {
    return open;
  }

  public long ready() {
    return ready;
  }

  public void levels(long openNow, long readyNow) {
    open = openNow;
    ready = readyNow;
  }

  /** Adds another loop's or worker's sample of the same interval. */
  public void addBeside(Sample other) {
    addAfter(other);
    open += other.open;
    ready += other.ready;
    processCpu += other.processCpu;
    loopCpu.addAll(other.loopCpu);
  }

  /** The samples of one interval as one; the first of them is used for it. */
  public static Sample sumBeside(List<Sample> samples) {
    Sample sum = samples.get(0);
    samples.subList(1, samples.size()).forEach(sum::addBeside);
    return sum;
  }

  /** Adds what happened in another interval; levels and shares of time stay. */
  public void addAfter(Sample other) {
    addCounts(other);
    histograms.add(other.histograms);
  }

  private void addCounts(Sample other) {
    other.counters.forEach(this::add);
    other.codes.forEach(this::addCode);
    other.fanouts.values().forEach(this::addFanout);
    refusal = other.refusal.isEmpty() ? refusal : other.refusal;
  }

  /** What the plots of a run keep of each second: all but the histograms, which are large. */
  public Sample withoutHistograms() {
    Sample slim = new Sample();
    slim.addCounts(this);
    slim.levels(open, ready);
    slim.processCpu(processCpu);
    slim.loopCpu.addAll(loopCpu);
    return slim;
  }

  /** As if new, with the memory of its histograms. */
  void clear() {
    counters.clear();
    codes.clear();
    fanouts.clear();
    histograms.clear();
    loopCpu.clear();
    levels(0, 0);
    processCpu = 0;
    refusal = "";
  }

  public JsonObject toJson() {
    JsonObject counted = new JsonObject();
    counters.forEach((counter, n) -> counted.put(counter.name(), n));
    JsonObject byCode = new JsonObject();
    codes.forEach((code, n) -> byCode.put(String.valueOf(code), n));
    JsonArray fans = new JsonArray();
    fanouts.values().forEach(f -> fans.add(f.toJson()));
    return new JsonObject()
        .put("counters", counted)
        .put("codes", byCode)
        .put("fanouts", fans)
        .put("histograms", histograms.toJson())
        .put("loopCpu", new JsonArray(loopCpu))
        .put("refusal", refusal)
        .put("open", open)
        .put("ready", ready)
        .put("processCpu", processCpu);
  }

  public static Sample fromJson(JsonObject json) {
    Sample sample = new Sample();
    json.getJsonObject("counters")
        .forEach(e -> sample.add(Counter.valueOf(e.getKey()), ((Number) e.getValue()).longValue()));
    json.getJsonObject("codes")
        .forEach(
            e -> sample.addCode(Integer.parseInt(e.getKey()), ((Number) e.getValue()).longValue()));
    json.getJsonArray("fanouts").forEach(f -> sample.addFanout(Fanout.fromJson((JsonArray) f)));
    sample.histograms.add(Histograms.fromJson(json.getJsonObject("histograms")));
    json.getJsonArray("loopCpu").forEach(v -> sample.loopCpu.add(((Number) v).doubleValue()));
    sample.refusal(json.getString("refusal"));
    sample.levels(json.getLong("open"), json.getLong("ready"));
    sample.processCpu(json.getDouble("processCpu"));
    return sample;
  }
}
