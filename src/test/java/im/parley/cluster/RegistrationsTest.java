package im.parley.cluster;

import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import java.lang.reflect.Proxy;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Against a map that answers late, in any order, and fails before or after it has done its work.
 */
class RegistrationsTest {
  private static final long SELF = 42;
  private static final int MOST = 16;

  private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledExecutorService cluster = Executors.newScheduledThreadPool(2);
  private final Random random = new Random(3);
  private final Map<String, long[]> entries = new ConcurrentHashMap<>();
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final List<String> faults = new ArrayList<>();
  private final AtomicInteger operations = new AtomicInteger();
  private volatile int failing; // of ten
  private volatile CompletableFuture<Void> hold;

  private final Registrations registrations =
      new Registrations(sender, map(), SELF, MOST, topic -> {});

  @AfterEach
  void stop() {
    sender.shutdownNow();
    cluster.shutdownNow();
    assertThat(faults).isEmpty();
  }

  @Test
  void the_last_call_for_each_topic_wins_whatever_fails_on_the_way() {
    failing = 3;
    boolean[] wanted = new boolean[200];
    for (int call = 0; call < 20_000; call++) {
      int topic = random.nextInt(wanted.length);
      wanted[topic] = random.nextBoolean();
      registrations.want("room:" + topic, wanted[topic]);
    }

    until("all is settled", () -> registrations.pending() == 0);

    for (int topic = 0; topic < wanted.length; topic++) {
      assertThat(entries.containsKey("room:" + topic)).as("%d", topic).isEqualTo(wanted[topic]);
    }
  }

  @Test
  void calls_that_come_while_an_operation_is_under_way_cost_one_more_together() {
    hold = new CompletableFuture<>();
    registrations.want("room:1", true);
    until("it is under way", () -> operations.get() == 1);
    for (int i = 0; i < 1_000; i++) {
      registrations.want("room:1", i % 2 == 0);
    }

    hold.complete(null);
    until("all is settled", () -> registrations.pending() == 0);

    assertThat(operations).hasValue(2);
    assertThat(entries).isEmpty();
  }

  @Test
  void no_more_operations_are_under_way_than_allowed() {
    hold = new CompletableFuture<>();
    for (int i = 0; i < 100; i++) {
      registrations.want("room:" + i, true);
    }
    until("the most are under way", () -> underWay.size() == MOST);
    assertThat(registrations.pending()).isEqualTo(100);

    hold.complete(null);

    until("all is settled", () -> registrations.pending() == 0);
    assertThat(entries).hasSize(100);
  }

  @Test
  void who_asks_meanwhile_is_answered_after_the_last_call_has_taken_effect() {
    hold = new CompletableFuture<>();
    registrations.want("room:1", false);
    until("it is under way", () -> operations.get() == 1);
    registrations.want("room:1", true);
    CompletableFuture<long[]> settled = registrations.settled("room:1");

    hold.complete(null);

    assertThat(settled.join()).containsExactly(SELF);
    assertThat(registrations.settled("room:1")).as("nothing is under way").isNull();
  }

  @Test
  void restoring_looks_at_what_is_listened_to_before_and_after() {
    Set<String> listened = ConcurrentHashMap.newKeySet();
    registrations.follow(
        new Directory.Local() {
          @Override
          public Iterable<String> all() {
            return listened;
          }

          @Override
          public boolean listens(String topic) {
            return listened.contains(topic);
          }
        });
    hold = new CompletableFuture<>();
    CompletableFuture<Void> restored = registrations.restore("room:1");
    until("it is under way", () -> operations.get() == 1);
    listened.add("room:1");

    hold.complete(null);
    restored.join();

    assertThat(entries.get("room:1")).containsExactly(SELF);
  }

  @Test
  void closing_waits_for_what_is_under_way_and_sends_no_more() {
    hold = new CompletableFuture<>();
    for (int i = 0; i < 100; i++) {
      registrations.want("room:" + i, true);
    }
    until("the most are under way", () -> underWay.size() == MOST);
    CompletableFuture<Void> closed = registrations.close();
    assertThat(closed).isNotDone();

    hold.complete(null);
    closed.join();

    assertThat(operations).hasValue(MOST);
  }

  @SuppressWarnings("unchecked")
  private IMap<String, long[]> map() {
    return (IMap<String, long[]>)
        Proxy.newProxyInstance(
            IMap.class.getClassLoader(),
            new Class<?>[] {IMap.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("submitToKey");
              return submit(
                  (String) arguments[0], (EntryProcessor<String, long[], long[]>) arguments[1]);
            });
  }

  private CompletableFuture<long[]> submit(
      String topic, EntryProcessor<String, long[], long[]> processor) {
    operations.incrementAndGet();
    if (!underWay.add(topic)) {
      faults.add("two operations of " + topic);
    }
    boolean fails = random.nextInt(10) < failing;
    boolean works = !fails || random.nextBoolean();
    if (fails && !works && random.nextBoolean()) {
      underWay.remove(topic);
      throw new IllegalStateException("refused");
    }
    CompletableFuture<long[]> answer = new CompletableFuture<>();
    Runnable operation =
        () -> {
          long[] nodes = works ? apply(topic, processor) : null;
          underWay.remove(topic);
          if (fails) {
            answer.completeExceptionally(new IllegalStateException("lost"));
          } else {
            answer.complete(nodes);
          }
        };
    CompletableFuture<Void> held = hold == null ? CompletableFuture.completedFuture(null) : hold;
    long micros = random.nextInt(500);
    held.thenRun(() -> cluster.schedule(operation, micros, TimeUnit.MICROSECONDS));
    return answer;
  }

  private long[] apply(String topic, EntryProcessor<String, long[], long[]> processor) {
    SimpleEntry<String, long[]> entry = new SimpleEntry<>(topic, entries.get(topic));
    long[] nodes = processor.process(entry);
    if (entry.getValue() == null) {
      entries.remove(topic);
    } else {
      entries.put(topic, entry.getValue());
    }
    return nodes;
  }
}
