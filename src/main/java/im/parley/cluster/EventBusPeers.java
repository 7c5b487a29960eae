package im.parley.cluster;

import static java.util.stream.Collectors.toSet;

import im.parley.metrics.PeerMeters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link PeerBus} over the clustered event bus: one address for each node, named by its number,
 * and one event loop for all that comes and goes. The event bus bounds nothing and promises
 * nothing; bounds, order and losses are the business of {@link Outbound} and {@link Inbound}.
 *
 * <p>Only members are listened to and sent to. Payloads that come are views of their batch: who
 * keeps one for long copies it.
 */
public final class EventBusPeers implements PeerBus, Membership.Watcher {
  private static final Logger log = LoggerFactory.getLogger(EventBusPeers.class);
  private static final String ADDRESS = "parley.node.";
  private static final long TICK_MS = 100;
  private static final long ACK_MS = 10;

  private final Membership membership;
  private final long self;
  private final PeerLimits limits;
  private final PeerMeters meters;
  private final Vertx vertx;
  private final ContextInternal context;

  // Any thread
  private final Map<Long, Peer> peers = new ConcurrentHashMap<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicLong numbers = new AtomicLong();
  private volatile Peer.Shared shared;
  private volatile boolean closed;

  // Event loop only
  private MessageConsumer<Object> consumer;
  private boolean acknowledging;
  private long ticker;

  /** Takes no part until it is started. */
  public EventBusPeers(Vertx vertx, Membership membership, PeerLimits limits, PeerMeters meters) {
    this.vertx = vertx;
    this.membership = membership;
    this.self = membership.self();
    this.limits = limits;
    this.meters = meters;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    receive(new Nobody());
  }

  /** The address of a node on the event bus. */
  static String address(long node) {
    return ADDRESS + Long.toString(node, Character.MAX_RADIX);
  }

  /** Begins to receive and send; complete when other nodes can reach this one. */
  public Future<Void> start() {
    meters.watch(
        () -> peers.values().stream().mapToLong(Peer::waitingBytes).sum(),
        () -> peers.values().stream().mapToLong(Peer::questions).sum());
    membership.watch(this);
    return Future.future(
        started ->
            context.runOnContext(
                go -> {
                  ticker = vertx.setPeriodic(TICK_MS, each -> tick());
                  register().onComplete(started);
                }));
  }

  /** Ends it: questions fail, and what waits is dropped. */
  public Future<Void> stop() {
    closed = true;
    peers.keySet().forEach(this::left);
    return Future.future(
        stopped ->
            context.runOnContext(
                go -> {
                  vertx.cancelTimer(ticker);
                  (consumer == null ? Future.<Void>succeededFuture() : consumer.unregister())
                      .onComplete(stopped);
                }));
  }

  /** To be called before {@link #start}. */
  @Override
  public void receive(Receiver receiver) {
    shared =
        new Peer.Shared(
            self,
            limits,
            meters,
            numbers::incrementAndGet,
            receiver,
            (node, buffer) -> vertx.eventBus().send(address(node), buffer),
            this::wake,
            this::acknowledgeSoon);
  }

  @Override
  public void send(long node, Buffer frame) {
    if (frame.length() > PeerLimits.MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(tooLong(frame));
    }
    Peer peer = peer(node);
    if (peer == null) {
      meters.dropped.increment();
    } else {
      peer.send(Frame.plain(frame));
    }
  }

  @Override
  public Future<Buffer> ask(long node, Buffer question) {
    if (question.length() > PeerLimits.MAX_FRAME_BYTES) {
      return Future.failedFuture(new IllegalArgumentException(tooLong(question)));
    }
    Peer peer = peer(node);
    return peer == null
        ? Future.failedFuture(new NoAnswer("no other node has the number " + node))
        : peer.ask(question);
  }

  private static String tooLong(Buffer frame) {
    return "a frame of %d bytes; at most %d".formatted(frame.length(), PeerLimits.MAX_FRAME_BYTES);
  }

  /** The node if it is another member, else null. Any thread. */
  private Peer peer(long node) {
    Peer known = peers.get(node);
    if (known != null || closed || !isMember(node)) {
      return known;
    }
    return peers.computeIfAbsent(node, any -> new Peer(node, shared));
  }

  private boolean isMember(long node) {
    return node != self && membership.nodes().stream().anyMatch(info -> info.id() == node);
  }

  @Override
  public void left(long node) {
    Peer gone = peers.remove(node);
    if (gone != null) {
      gone.close();
      context.runOnContext(go -> gone.clear());
    }
  }

  /** Registrations of the event bus may be lost when clusters merge. */
  @Override
  public void merged() {
    context.runOnContext(
        go -> {
          if (!closed) {
            register();
          }
        });
  }

  private void wake() {
    if (!woken.get() && woken.compareAndSet(false, true)) {
      context.runOnContext(go -> flush());
    }
  }

  // Event loop only, from here

  /**
   * Registers anew and only then takes the former registration back, so that hardly a batch finds
   * nobody. One that does is a loss like any other.
   */
  private Future<Void> register() {
    MessageConsumer<Object> former = consumer;
    consumer = vertx.eventBus().consumer(address(self), this::received);
    Future<Void> registered = consumer.completion();
    if (former != null) {
      registered
          .eventually(former::unregister)
          .onFailure(failure -> log.warn("the address of this node is not registered", failure));
    }
    return registered;
  }

  private void flush() {
    woken.set(false);
    long now = System.nanoTime();
    boolean more = false;
    for (Peer peer : peers.values()) {
      more |= peer.flush(now);
    }
    if (more) {
      wake();
    }
  }

  private void received(Message<Object> message) {
    Buffer buffer = body(message);
    BatchHeader header = buffer == null ? null : BatchHeader.read(buffer);
    Peer peer = header == null ? null : peer(header.sender());
    if (peer == null) {
      meters.malformed.increment();
    } else if (peer.received(header, buffer, System.nanoTime())) {
      wake();
    }
  }

  private static Buffer body(Message<Object> message) {
    try {
      return message.body() instanceof Buffer buffer ? buffer : null;
    } catch (RuntimeException undecodable) {
      return null;
    }
  }

  private void acknowledgeSoon() {
    if (!acknowledging) {
      acknowledging = true;
      vertx.setTimer(
          ACK_MS,
          due -> {
            acknowledging = false;
            peers.values().forEach(Peer::acknowledgeRest);
          });
    }
  }

  private void tick() {
    long now = System.nanoTime();
    Set<Long> members = membership.nodes().stream().map(NodeInfo::id).collect(toSet());
    peers.forEach(
        (node, peer) -> {
          if (members.contains(node)) {
            peer.tick(now);
          } else {
            left(node); // looked up for the last time while it left
          }
        });
  }

  /** Takes what comes before anyone does. */
  private static final class Nobody implements Receiver {
    @Override
    public void received(long from, Buffer frame) {}

    @Override
    public Future<Buffer> asked(long from, Buffer question) {
      return Future.failedFuture(new NoAnswer("this node is only starting"));
    }

    @Override
    public void overrun(long from) {}
  }
}
