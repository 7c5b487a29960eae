package im.parley.session;

import im.parley.cluster.Cluster;
import im.parley.cluster.NodeInfo;
import im.parley.metrics.RouteReadings;
import im.parley.protocol.Push;
import im.parley.store.MessageStore;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Routes to the gateways that listen to a topic, on this node and on others. Any thread; what one
 * thread routes arrives at a gateway of this node in that order.
 */
public final class Router {
  private final Cluster cluster;
  private final LocalRouting local;
  private final PeerRouting peers;
  private final Query<Boolean> resync;

  /**
   * @param cluster the way to other nodes
   * @param topics what this node's gateways listen to
   * @param gateways this node's, in the order of their index
   * @param log where a gateway finds what did not reach it from another node
   */
  public Router(Cluster cluster, LocalTopics topics, List<Gateway> gateways, MessageStore log) {
    if (cluster.isShared()) {
      gateways.forEach(gateway -> gateway.expectPeers(log::readAfter));
    }
    this.cluster = cluster;
    this.local = new LocalRouting(topics, gateways);
    this.peers = new PeerRouting(cluster, local);
    this.resync = query("session.resync", Router::resync, told -> told, Boolean.class::cast);
  }

  /** Routes a push. */
  public void route(Push push, Audience audience) {
    local.deliver(push, audience);
    peers.route(push, audience);
  }

  /** Delivers a push on this node only. */
  public void routeHere(Push push, Audience audience) {
    local.deliver(push, audience);
  }

  /**
   * Completes when other nodes find the listeners that this node has under {@code topics}: what is
   * routed from then on reaches them. Fails with BUSY when the directory does not answer.
   */
  public Future<Void> settled(Collection<String> topics) {
    return cluster.directory().settled(topics).recover(PeerRouting::silent);
  }

  /** Whether anyone listens. */
  public Future<Boolean> listened(String topic) {
    return local.topics().gateways(topic) != 0
        ? Future.succeededFuture(true)
        : cluster.directory().nodes(topic).map(nodes -> nodes.length > 0);
  }

  /** Whether no gateway but this one listens, on any node; asked anew. */
  public Future<Boolean> listenedOnlyBy(String topic, Gateway gateway) {
    if ((local.topics().gateways(topic) & ~(1L << gateway.index())) != 0) {
      return Future.succeededFuture(false);
    }
    return cluster
        .directory()
        .fresh(topic)
        .map(nodes -> peers.others(nodes).length == 0)
        .recover(PeerRouting::silent);
  }

  /**
   * Defines a question under a name that is the same on all nodes; before any is asked.
   *
   * @see Query
   */
  public <A> Query<A> query(
      String name,
      BiFunction<Gateway, JsonObject, A> answer,
      Function<A, Object> write,
      Function<Object, A> read) {
    Query<A> query = new Query<>(name, answer, write, read);
    local.define(query);
    return query;
  }

  /**
   * Asks each gateway that listens to {@code topic}; see {@link #ask(Query, Collection,
   * JsonObject)}.
   */
  public <A> Future<List<A>> ask(Query<A> query, String topic, JsonObject parameters) {
    return ask(query, List.of(topic), parameters);
  }

  /**
   * Asks each gateway that listens to one of {@code topics}, on its event loop, and collects the
   * answers. The directory is asked anew. Fails with a refusal when one gateway fails, or BUSY when
   * a node does not answer.
   */
  public <A> Future<List<A>> ask(Query<A> query, Collection<String> topics, JsonObject parameters) {
    return ask(query, topics, parameters, cluster.directory()::fresh);
  }

  /** The same without asking the directory for what this node remembers. */
  public <A> Future<List<A>> askKnown(
      Query<A> query, Collection<String> topics, JsonObject parameters) {
    return ask(query, topics, parameters, cluster.directory()::nodes);
  }

  private <A> Future<List<A>> ask(
      Query<A> query,
      Collection<String> topics,
      JsonObject parameters,
      Function<String, Future<long[]>> lookup) {
    Future<List<A>> here = local.ask(query, topics, parameters);
    if (!cluster.isShared()) {
      return here;
    }
    return nodes(topics, lookup)
        .compose(
            nodes -> {
              List<Future<List<A>>> answers = new ArrayList<>();
              answers.add(here);
              nodes.forEach(node -> answers.add(peers.ask(node, query, topics, parameters)));
              return Future.all(answers).map(Router::<A>flat);
            });
  }

  /**
   * Tells the native sessions of all nodes to sync, because this node and others were apart: what
   * either side stored meanwhile was not pushed on the other. Fails with BUSY when a node does not
   * answer; the others were told then.
   */
  public Future<Void> resync() {
    Collection<String> everyone = List.of(LocalRouting.EVERYONE);
    List<Future<List<Boolean>>> told = new ArrayList<>();
    told.add(local.ask(resync, everyone, new JsonObject()));
    for (NodeInfo node : cluster.membership().nodes()) {
      if (node.id() != cluster.membership().self()) {
        told.add(peers.ask(node.id(), resync, everyone, new JsonObject()));
      }
    }
    return Future.join(told).mapEmpty();
  }

  private static Boolean resync(Gateway gateway, JsonObject any) {
    gateway.overrun();
    return true;
  }

  /** Another node has said that it listens to a topic: who does is asked anew the next time. */
  public void relearn(String topic) {
    cluster.directory().forget(topic);
  }

  /** Whether another node listens; asked anew. */
  public Future<Boolean> listenedElsewhere(String topic) {
    return cluster
        .directory()
        .fresh(topic)
        .map(nodes -> peers.others(nodes).length > 0)
        .recover(PeerRouting::silent);
  }

  /** What becomes of routes, as counted so far. */
  public RouteReadings readings() {
    return new Routes(gateways(), peers);
  }

  /** Asks each gateway of this node, on its event loop. */
  public <T> Future<List<T>> askHere(Function<Gateway, T> question) {
    return local.askAll(question);
  }

  /** What this node's gateways listen to, as it is while it is walked. */
  public Iterable<String> topicsHere() {
    return local.topics().all();
  }

  /** This node's gateways. */
  public List<Gateway> gateways() {
    return local.gateways();
  }

  /** The way to other nodes. */
  public Cluster cluster() {
    return cluster;
  }

  private Future<Set<Long>> nodes(
      Collection<String> topics, Function<String, Future<long[]>> lookup) {
    List<Future<long[]>> lookups = topics.stream().map(lookup).toList();
    return Future.all(lookups)
        .<CompositeFuture>recover(PeerRouting::silent)
        .map(
            all -> {
              Set<Long> nodes = new TreeSet<>();
              for (long[] found : all.<long[]>list()) {
                for (long node : peers.others(found)) {
                  nodes.add(node);
                }
              }
              return nodes;
            });
  }

  private static <A> List<A> flat(CompositeFuture all) {
    return all.<List<A>>list().stream().flatMap(List::stream).toList();
  }
}
