package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event;
import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Plan;
import im.parley.loadtest.verify.history.Event.Read;
import im.parley.loadtest.verify.history.Event.Sent;
import im.parley.loadtest.verify.history.History;
import im.parley.loadtest.verify.history.History.At;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A history, sorted by what the checks ask for. */
final class Evidence {
  private final History history;
  private final Plan plan;
  private final Map<String, Map<String, Log>> readings = new LinkedHashMap<>();
  private final Map<Key, List<At<Sent>>> sends = new LinkedHashMap<>();
  private final Map<Key, List<At<Acked>>> acks = new LinkedHashMap<>();

  Evidence(History history) {
    this.history = history;
    this.plan =
        history
            .all(Plan.class)
            .findFirst()
            .map(At::event)
            .orElseThrow(() -> new IllegalArgumentException("history without a plan"));
    history.all(Read.class).forEach(this::addReading);
    history.all(Sent.class).forEach(at -> add(sends, Key.of(at.event()), at));
    history.all(Acked.class).forEach(at -> add(acks, Key.of(at.event()), at));
  }

  private void addReading(At<Read> page) {
    Read read = page.event();
    readings
        .computeIfAbsent(read.conversation(), any -> new LinkedHashMap<>())
        .computeIfAbsent(read.target(), target -> new Log(target, read.conversation()))
        .add(page);
  }

  private static <V> void add(Map<Key, List<V>> map, Key key, V value) {
    map.computeIfAbsent(key, any -> new ArrayList<>(1)).add(value);
  }

  History history() {
    return history;
  }

  Plan plan() {
    return plan;
  }

  boolean isMember(String device, String conversation) {
    return plan.members().getOrDefault(conversation, List.of()).contains(Event.user(device));
  }

  /** All that were read back, of each conversation one per target. */
  List<Log> readings() {
    return readings.values().stream().flatMap(byTarget -> byTarget.values().stream()).toList();
  }

  /** One whole log of each conversation that has one. */
  List<Log> logs() {
    return readings.keySet().stream().map(this::log).filter(Objects::nonNull).toList();
  }

  /** The first whole reading of a conversation; null if there is none. */
  Log log(String conversation) {
    return readings.getOrDefault(conversation, Map.of()).values().stream()
        .filter(Log::isWhole)
        .findFirst()
        .orElse(null);
  }

  /** Null if that target gave nothing of it. */
  Log log(String conversation, String target) {
    return readings.getOrDefault(conversation, Map.of()).get(target);
  }

  /** Attempts in the order of time. */
  Map<Key, List<At<Sent>>> sends() {
    return sends;
  }

  List<At<Sent>> sends(Key key) {
    return sends.getOrDefault(key, List.of());
  }

  Map<Key, List<At<Acked>>> acks() {
    return acks;
  }

  List<At<Acked>> acks(Key key) {
    return acks.getOrDefault(key, List.of());
  }
}
