package im.parley.session;

import im.parley.cluster.Cluster;
import im.parley.cluster.Directory;
import im.parley.cluster.NodeInfo;
import im.parley.cluster.PeerBus;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Push;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of routing that goes to other nodes, and what comes from them. Any thread.
 *
 * <p>A route is a hint and is judged where it ends: a node that gets a message nobody there listens
 * to any more asks the directory anew and sends it on, once.
 */
final class PeerRouting implements PeerBus.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(PeerRouting.class);

  private final Cluster cluster;
  private final LocalRouting local;
  private final long self;
  private final LongAdder stale = new LongAdder();
  private final LongAdder broadcast = new LongAdder();
  private final LongAdder lost = new LongAdder();

  PeerRouting(Cluster cluster, LocalRouting local) {
    this.cluster = cluster;
    this.local = local;
    this.self = cluster.membership().self();
    cluster.bus().receive(this);
  }

  /** Sends a push to all other nodes that listen. */
  void route(Push push, Audience audience) {
    if (!cluster.isShared()) {
      return;
    }
    Directory directory = cluster.directory();
    long[] nodes = directory.known(audience.topic());
    long[] others = audience.other() == null ? Directory.NOBODY : directory.known(audience.other());
    if (nodes != null && others != null) {
      send(new RoutedPush(push, audience, false), nodes, others);
      return;
    }
    Future<long[]> first = directory.nodes(audience.topic());
    Future<long[]> second =
        audience.other() == null
            ? Future.succeededFuture(Directory.NOBODY)
            : directory.nodes(audience.other());
    Future.all(first, second)
        .onSuccess(
            found -> send(new RoutedPush(push, audience, false), first.result(), second.result()))
        .onFailure(unknown -> unrouted(push, audience));
  }

  /** Asks one node's gateways that listen to one of the topics. */
  <A> Future<List<A>> ask(
      long node, Query<A> query, Collection<String> topics, JsonObject parameters) {
    JsonObject question =
        new JsonObject()
            .put("query", query.name())
            .put("topics", new JsonArray(List.copyOf(topics)))
            .put("parameters", parameters);
    return cluster
        .bus()
        .ask(node, question.toBuffer())
        .map(answer -> new JsonArray(answer).stream().map(query.read()).toList())
        .recover(PeerRouting::silent);
  }

  /** All but this node. */
  long[] others(long[] nodes) {
    return nodes.length == 0 || nodes.length == 1 && nodes[0] == self
        ? Directory.NOBODY
        : Arrays.stream(nodes).filter(node -> node != self).toArray();
  }

  /** Messages that came for someone who was not here any more. */
  long stale() {
    return stale.sum();
  }

  /** Messages that went to all nodes because the directory did not answer. */
  long broadcast() {
    return broadcast.sum();
  }

  /** Other pushes that were not sent for that reason, and messages that were not sent on. */
  long lost() {
    return lost.sum();
  }

  @Override
  public void received(long from, Buffer frame) {
    RoutedPush routed;
    try {
      routed = RoutedPush.decode(frame);
    } catch (RuntimeException e) {
      LOG.warn("a frame of node {} cannot be read: {}", Long.toString(from, 36), e.toString());
      return;
    }
    if (!local.deliver(routed.push(), routed.audience()) && !routed.forwarded()) {
      stale.increment();
      if (routed.push().message() != null) {
        forward(from, routed);
      }
    }
  }

  @Override
  public Future<Buffer> asked(long from, Buffer question) {
    JsonObject asked = new JsonObject(question);
    @SuppressWarnings("unchecked") // topics are texts
    List<String> topics = asked.getJsonArray("topics").getList();
    return answer(local.query(asked.getString("query")), topics, asked.getJsonObject("parameters"));
  }

  @Override
  public void overrun(long from) {
    local.overrun();
  }

  private <A> Future<Buffer> answer(Query<A> query, List<String> topics, JsonObject parameters) {
    return local
        .ask(query, topics, parameters)
        .map(answers -> new JsonArray(answers.stream().map(query.write()).toList()).toBuffer());
  }

  private void forward(long from, RoutedPush routed) {
    Audience audience = routed.audience();
    Directory directory = cluster.directory();
    Future<long[]> first = directory.fresh(audience.topic());
    Future<long[]> second =
        audience.other() == null
            ? Future.succeededFuture(Directory.NOBODY)
            : directory.fresh(audience.other());
    Future.all(first, second)
        .onSuccess(
            found ->
                send(
                    routed.forward(),
                    without(from, first.result()),
                    without(from, second.result())))
        .onFailure(unknown -> lost.increment());
  }

  /**
   * A message goes to all nodes when nobody can tell which have its recipients: those would not
   * hear of it until their next heartbeat. What is droppable is dropped.
   */
  private void unrouted(Push push, Audience audience) {
    if (push.message() == null) {
      lost.increment();
      return;
    }
    broadcast.increment();
    long[] all = cluster.membership().nodes().stream().mapToLong(NodeInfo::id).toArray();
    send(new RoutedPush(push, audience, true), all, Directory.NOBODY);
  }

  private void send(RoutedPush routed, long[] nodes, long[] more) {
    Buffer frame = null;
    for (int i = 0; i < nodes.length + more.length; i++) {
      long node = i < nodes.length ? nodes[i] : more[i - nodes.length];
      if (node == self || i >= nodes.length && contains(nodes, node)) {
        continue;
      }
      frame = frame == null ? routed.encode() : frame;
      cluster.bus().send(node, frame);
    }
  }

  private static boolean contains(long[] nodes, long wanted) {
    for (long node : nodes) {
      if (node == wanted) {
        return true;
      }
    }
    return false;
  }

  private static long[] without(long gone, long[] nodes) {
    return Arrays.stream(nodes).filter(node -> node != gone).toArray();
  }

  /** What a caller hears when another node, or the directory, does not answer. */
  static <T> Future<T> silent(Throwable failure) {
    return Future.failedFuture(
        failure instanceof Refusal
            ? failure
            : new Refusal(ErrorCode.BUSY, "another node does not answer: " + failure));
  }
}
