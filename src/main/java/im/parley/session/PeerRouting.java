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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of routing that goes to other nodes, and what comes from them. Any thread.
 *
 * <p>A route is a hint and is judged where it ends: a node that gets a message because of a topic
 * that nobody there listens to any more asks the directory anew and sends it on, once.
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
    String topic = routed.audience().topic();
    if (Topics.isPresence(topic)) {
      // Who is told of a change and asks must find it, and the directory's own news may be behind.
      cluster.directory().forget(Topics.user(Topics.watched(topic)));
    }
    local.deliver(routed.push(), routed.audience());
    List<String> gone = routed.forwarded() ? List.of() : gone(frame, routed.audience());
    if (!gone.isEmpty()) {
      stale.increment();
      if (routed.push().message() != null) {
        forward(from, routed, gone);
      }
    }
  }

  /** The topics that brought a frame here, and that nobody here listens to. */
  private List<String> gone(Buffer frame, Audience audience) {
    List<String> gone = new ArrayList<>(0);
    if (RoutedPush.isAimed(frame, RoutedPush.FOR_TOPIC)
        && local.topics().gateways(audience.topic()) == 0) {
      gone.add(audience.topic());
    }
    if (audience.other() != null
        && RoutedPush.isAimed(frame, RoutedPush.FOR_OTHER)
        && local.topics().gateways(audience.other()) == 0) {
      gone.add(audience.other());
    }
    return gone;
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

  private void forward(long from, RoutedPush routed, List<String> topics) {
    Future.all(topics.stream().map(cluster.directory()::fresh).toList())
        .onSuccess(
            found -> {
              long[] nodes =
                  found.<long[]>list().stream()
                      .flatMapToLong(Arrays::stream)
                      .filter(node -> node != from)
                      .distinct()
                      .toArray();
              send(routed.forward(), nodes, Directory.NOBODY);
            })
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

  /** Sends to {@code nodes}, which listen to the audience's topic, and to those of its other. */
  private void send(RoutedPush routed, long[] nodes, long[] others) {
    Buffer[] frames = new Buffer[1 + RoutedPush.FOR_TOPIC + RoutedPush.FOR_OTHER];
    for (long node : nodes) {
      int aim = RoutedPush.FOR_TOPIC | (contains(others, node) ? RoutedPush.FOR_OTHER : 0);
      send(node, routed, aim, frames);
    }
    for (long node : others) {
      if (!contains(nodes, node)) {
        send(node, routed, RoutedPush.FOR_OTHER, frames);
      }
    }
  }

  private void send(long node, RoutedPush routed, int aim, Buffer[] frames) {
    if (node != self) {
      frames[0] = frames[0] == null ? routed.encode() : frames[0];
      frames[aim] = frames[aim] == null ? RoutedPush.aimed(frames[0], aim) : frames[aim];
      cluster.bus().send(node, frames[aim]);
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

  /** What a caller hears when another node, or the directory, does not answer. */
  static <T> Future<T> silent(Throwable failure) {
    return Future.failedFuture(
        failure instanceof Refusal
            ? failure
            : new Refusal(ErrorCode.BUSY, "another node does not answer: " + failure));
  }
}
