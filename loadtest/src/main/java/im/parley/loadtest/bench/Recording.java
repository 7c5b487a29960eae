package im.parley.loadtest.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/**
 * A part of what a flight recorder wrote.
 *
 * @param running share of the samples of running Java, by topmost method
 * @param allocating share of the allocated bytes, by topmost method
 * @param classes share of the allocated bytes, by class
 * @param allocatedBytes by the recorder's samples, each of which stands for what its thread has
 *     allocated since the one before
 * @param pauses of the collector
 */
record Recording(
    Map<String, Double> running,
    Map<String, Double> allocating,
    Map<String, Double> classes,
    double allocatedBytes,
    int pauses,
    double longestPauseMillis) {

  /** Reads what happened from {@code begin} to {@code end}. */
  static Recording read(Path file, Instant begin, Instant end) throws IOException {
    Map<String, Double> running = new HashMap<>();
    Map<String, Double> allocating = new HashMap<>();
    Map<String, Double> classes = new HashMap<>();
    List<RecordedEvent> allocations = new ArrayList<>();
    int pauses = 0;
    double longest = 0;
    try (RecordingFile recorded = new RecordingFile(file)) {
      while (recorded.hasMoreEvents()) {
        RecordedEvent event = recorded.readEvent();
        if (event.getEventType().getName().equals("jdk.ObjectAllocationSample")) {
          allocations.add(event);
        }
        if (event.getStartTime().isBefore(begin) || event.getStartTime().isAfter(end)) {
          continue;
        }
        switch (event.getEventType().getName()) {
          case "jdk.ExecutionSample" -> running.merge(method(event), 1.0, Double::sum);
          case "jdk.GCPhasePause" -> {
            pauses++;
            longest = Math.max(longest, event.getDuration().toNanos() / 1e6);
          }
          default -> {}
        }
      }
    }
    double allocated = 0;
    for (RecordedEvent event : withoutFirsts(allocations)) {
      if (event.getStartTime().isBefore(begin) || event.getStartTime().isAfter(end)) {
        continue;
      }
      double weight = event.getLong("weight");
      allocated += weight;
      allocating.merge(method(event), weight, Double::sum);
      classes.merge(event.getClass("objectClass").getName(), weight, Double::sum);
    }
    double samples = running.values().stream().mapToDouble(count -> count).sum();
    return new Recording(
        shares(running, samples),
        shares(allocating, allocated),
        shares(classes, allocated),
        allocated,
        pauses,
        longest);
  }

  /** The first sample of a thread stands for all that it allocated before it was recorded too. */
  private static List<RecordedEvent> withoutFirsts(List<RecordedEvent> allocations) {
    Set<Long> known = new HashSet<>();
    return allocations.stream()
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .filter(event -> event.getThread() == null || !known.add(event.getThread().getId()))
        .toList();
  }

  JsonObject json() {
    return new JsonObject()
        .put("allocatedBytes", allocatedBytes)
        .put("pauses", pauses)
        .put("longestPauseMillis", longestPauseMillis)
        .put("running", new JsonObject(Map.copyOf(running)))
        .put("allocating", new JsonObject(Map.copyOf(allocating)))
        .put("classes", new JsonObject(Map.copyOf(classes)));
  }

  private static Map<String, Double> shares(Map<String, Double> counts, double all) {
    counts.replaceAll((key, count) -> count / all);
    return counts;
  }

  private static String method(RecordedEvent event) {
    List<RecordedFrame> frames =
        event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
    if (frames.isEmpty()) {
      return "unknown";
    }
    RecordedMethod method = frames.get(0).getMethod();
    String type = method.getType().getName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + method.getName();
  }
}
