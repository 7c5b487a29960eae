package im.parley.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a node has now, read when metrics are. Suppliers may be asked on any thread and must not
 * block. Whoever wires the node hands them in.
 */
public final class NodeGauges {
  private final MeterRegistry registry;

  public NodeGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Open sockets. */
  public NodeGauges connections(IntSupplier open) {
    gauge("parley.connections", "open WebSocket connections", open);
    return this;
  }

  /** Whether it sends its clients away. */
  public NodeGauges draining(BooleanSupplier draining) {
    gauge(
        "parley.draining",
        "1 while the node sends its clients away",
        () -> draining.getAsBoolean() ? 1 : 0);
    return this;
  }

  /** Sessions that are logged in, by the protocol they speak. */
  public NodeGauges sessions(IntSupplier natives, IntSupplier prims) {
    sessions("native", natives);
    sessions("prim", prims);
    return this;
  }

  /** What waits for each event loop, and what was refused for want of room. */
  public NodeGauges inboxes(List<IntSupplier> waiting, List<LongSupplier> refused) {
    for (int loop = 0; loop < waiting.size(); loop++) {
      inbox(Integer.toString(loop), waiting.get(loop), refused.get(loop));
    }
    return this;
  }

  /** The store's queues and work; asked once for each figure. */
  public NodeGauges store(Supplier<? extends StoreReadings> store) {
    storeQueue("write", () -> store.get().writeQueue());
    storeQueue("read", () -> store.get().readQueue());
    counter("parley.store.commits", "transactions committed", () -> store.get().groups());
    counter("parley.store.writes", "writes in those transactions", () -> store.get().grouped());
    counter("parley.store.trimmed", "messages that retention removed", () -> store.get().trimmed());
    storeRefused("busy", () -> store.get().busy());
    storeRefused("unavailable", () -> store.get().unavailable());
    FunctionCounter.builder(
            "parley.store.commit.time", registry, any -> store.get().commitNanos() / 1e9)
        .description("time spent in committing, fsync included")
        .baseUnit("seconds")
        .register(registry);
    return this;
  }

  /** The cluster as this node sees it: nodes with itself, nodes that went, splits that healed. */
  public NodeGauges cluster(IntSupplier nodes, LongSupplier left, LongSupplier merges) {
    gauge("parley.cluster.nodes", "nodes of the cluster as this one sees it", nodes);
    counter("parley.cluster.left", "nodes that went, in order or not", left);
    counter(
        "parley.cluster.merges", "times this node was apart and found the others again", merges);
    return this;
  }

  /** Routing between nodes. */
  public NodeGauges routes(RouteReadings routes) {
    counter("parley.feed.late", "messages that came again, or out of order", routes::late);
    counter("parley.feed.filled", "missing messages fetched from the log", routes::filled);
    counter("parley.feed.skipped", "holes for which sessions were told to sync", routes::skipped);
    counter("parley.route.stale", "pushes that came for nobody here", routes::stale);
    counter("parley.route.broadcast", "messages sent to all nodes", routes::broadcast);
    counter("parley.route.lost", "pushes that could not be routed", routes::lost);
    return this;
  }

  /** The cluster's directory. */
  public NodeGauges directory(DirectoryReadings directory) {
    Gauge.builder("parley.directory.entries", directory::entries)
        .description("topics whose directory entry this node keeps for the cluster")
        .register(registry);
    gauge("parley.directory.pending", "registrations not settled", directory::pending);
    gauge("parley.directory.cached", "topics whose nodes are remembered", directory::cached);
    counter("parley.directory.asked", "topics asked about in the cluster", directory::asked);
    counter("parley.directory.refused", "questions refused as too many waited", directory::refused);
    repaired("missing", directory::missing);
    repaired("surplus", directory::surplus);
    repaired("dead", directory::dead);
    return this;
  }

  private void repaired(String kind, LongSupplier count) {
    FunctionCounter.builder("parley.directory.repaired", registry, any -> count.getAsLong())
        .description("differences that the audit found and repaired")
        .tag("kind", kind)
        .register(registry);
  }

  private void sessions(String kind, IntSupplier count) {
    Gauge.builder("parley.sessions", () -> count.getAsInt())
        .description("sessions logged in, by protocol")
        .tag("kind", kind)
        .register(registry);
  }

  private void inbox(String loop, IntSupplier waiting, LongSupplier refused) {
    Gauge.builder("parley.loop.inbox", () -> waiting.getAsInt())
        .description("tasks that wait for an event loop")
        .tag("loop", loop)
        .register(registry);
    FunctionCounter.builder("parley.loop.inbox.refused", registry, any -> refused.getAsLong())
        .description("deliveries refused because an event loop is far behind")
        .tag("loop", loop)
        .register(registry);
  }

  private void storeQueue(String kind, IntSupplier waiting) {
    Gauge.builder("parley.store.queue", () -> waiting.getAsInt())
        .description("requests that wait for the store")
        .tag("kind", kind)
        .register(registry);
  }

  private void storeRefused(String cause, LongSupplier refused) {
    FunctionCounter.builder("parley.store.refused", registry, any -> refused.getAsLong())
        .description("requests that the store refused")
        .tag("cause", cause)
        .register(registry);
  }

  // A counter holds its object weakly; the registry itself lives as long as anyone reads it.
  private void counter(String name, String description, LongSupplier value) {
    FunctionCounter.builder(name, registry, any -> value.getAsLong())
        .description(description)
        .register(registry);
  }

  private void gauge(String name, String description, IntSupplier value) {
    Gauge.builder(name, () -> value.getAsInt()).description(description).register(registry);
  }
}
