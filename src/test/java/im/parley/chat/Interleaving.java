package im.parley.chat;

import im.parley.config.Config;
import im.parley.store.MessageStore;
import im.parley.store.RoomStore;
import im.parley.store.Store;
import im.parley.testing.MutableClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Nodes of one cluster on one thread. Whatever may happen next, a message between nodes, an answer
 * of the directory, an event loop's turn, happens in an order that a seed decides.
 */
final class Interleaving {
  final List<SimulatedNode> nodes = new ArrayList<>();
  final Map<String, Set<Long>> routes = new HashMap<>(); // the directory that all share
  private final List<Runnable> coming = new ArrayList<>();
  private final MutableClock clock = new MutableClock();
  private final Random random;
  private int step;
  private Set<Long> away = Set.of(); // nodes that are apart from the others

  Interleaving(long seed) {
    random = new Random(seed);
  }

  /** Adds nodes, whose clocks differ by up to so much, and lets them find each other. */
  void start(int count, Duration skew, Map<String, String> settings) {
    for (int i = 0; i < count; i++) {
      long millis = skew.isZero() ? 0 : random.nextLong(skew.toMillis());
      Clock own = Clock.offset(clock, Duration.ofMillis(millis));
      nodes.add(new SimulatedNode(this, 100 + i, own, Config.of(settings)));
    }
  }

  Random random() {
    return random;
  }

  /** What has happened so far; a later moment has a higher number. */
  int now() {
    return step;
  }

  /** It happens some time. */
  void later(Runnable happening) {
    coming.add(happening);
  }

  /** It is answered some time. */
  <T> Future<T> answer(Supplier<Future<T>> answer) {
    Promise<T> promise = Promise.promise();
    later(() -> answer.get().onComplete(result -> later(() -> promise.handle(result))));
    return promise.future();
  }

  /** Goes on until nothing more can happen. */
  void run() {
    while (true) {
      List<Runnable> turns = new ArrayList<>();
      nodes.forEach(node -> turns.addAll(node.turns()));
      int choices = coming.size() + turns.size();
      if (choices == 0) {
        return;
      }
      step++;
      if (step > 1_000_000) {
        throw new AssertionError("the nodes never come to rest");
      }
      clock.advance(Duration.ofNanos(random.nextInt(2_000_000)));
      int choice = random.nextInt(choices);
      if (choice < turns.size()) {
        turns.get(choice).run();
      } else {
        coming.remove(choice - turns.size()).run();
      }
    }
  }

  /** These do not reach the others any more. */
  void split(SimulatedNode... gone) {
    Set<Long> numbers = new TreeSet<>();
    for (SimulatedNode node : gone) {
      numbers.add(node.self());
    }
    away = numbers;
  }

  /** All reach each other again; those that were away learn of it. */
  void heal() {
    Set<Long> back = away;
    away = Set.of();
    nodes.stream().filter(node -> back.contains(node.self())).forEach(SimulatedNode::merge);
  }

  boolean reach(long one, long other) {
    return away.contains(one) == away.contains(other);
  }

  SimulatedNode node(long number) {
    return nodes.stream().filter(node -> node.self() == number).findFirst().orElseThrow();
  }

  /** A store in which nobody has a room. */
  Store store() {
    RoomStore rooms =
        (RoomStore)
            Proxy.newProxyInstance(
                RoomStore.class.getClassLoader(),
                new Class<?>[] {RoomStore.class},
                (proxy, method, args) -> answer(() -> Future.succeededFuture(List.of())));
    MessageStore messages =
        (MessageStore)
            Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, args) -> Future.failedFuture("no messages here"));
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, args) -> method.getName().equals("rooms") ? rooms : messages);
  }
}
