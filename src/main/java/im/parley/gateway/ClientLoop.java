package im.parley.gateway;

import im.parley.chat.Chat;
import im.parley.config.Config;
import im.parley.metrics.Metrics;
import im.parley.session.ExpiryRing;
import im.parley.session.Gateway;
import io.netty.buffer.ByteBuf;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * What all client connections of one event loop share beside the WebSocket layer: the gateway with
 * its sessions, the expiry ring, the clock in seconds, the use cases. Event loop only, but for the
 * immutable parts.
 */
final class ClientLoop extends WebSocketLoop {
  /** Expired connections between which others get their turn: some 3 ms. */
  private static final int SLICE = 256;

  private final Gateway gateway;
  private final Chat chat;
  private final Config config;
  private final Metrics metrics;
  private final Dispatcher dispatcher;
  private final ConnectionLimits limits;
  private final Clock clock;
  private final String node;
  private final RequestDeadlines deadlines = new RequestDeadlines();
  private final SharedFrames frames = new SharedFrames(this);
  private final ExpiryRing<ClientConnection> ring;
  private final long startNanos = System.nanoTime();
  private byte[] scratch = new byte[4096];
  private int now = 1;
  private boolean sweeping;
  private boolean draining;

  ClientLoop(Gateway gateway, Chat chat, GatewayShared shared) {
    super(gateway.loop(), WebSocketOptions.of(shared.config().gateway()));
    this.gateway = gateway;
    this.chat = chat;
    this.config = shared.config();
    this.metrics = shared.metrics();
    this.dispatcher = shared.dispatcher();
    this.limits = shared.limits();
    this.clock = shared.clock();
    this.node = shared.node();
    this.ring = new ExpiryRing<>((int) config.gateway().expiry().toSeconds(), now);
  }

  /**
   * Each second: who has not been seen for too long goes, and who has been gone for the grace is
   * offline.
   */
  void tick() {
    now = 1 + (int) ((System.nanoTime() - startNanos) / 1_000_000_000L);
    if (!sweeping) {
      sweep();
    }
    chat.presence().sweep(gateway, now);
    deadlines.sweep(now);
    frames.release();
  }

  private void sweep() {
    sweeping = ring.sweep(now, SLICE, ClientConnection::expire);
    if (sweeping) {
      eventLoop().schedule(this::sweep, 0, TimeUnit.NANOSECONDS); // after a look at the sockets
    }
  }

  @Override
  boolean moreWaits() {
    return !gateway.inbox().isEmpty();
  }

  /** The bytes of a payload, valid until the next call. */
  byte[] scratch(ByteBuf payload) {
    int length = payload.readableBytes();
    if (scratch.length < length) {
      scratch = new byte[Integer.highestOneBit(length - 1) << 1];
    }
    payload.getBytes(payload.readerIndex(), scratch, 0, length);
    return scratch;
  }

  /** Seconds since the gateway began, plus one; moves once a second. */
  int now() {
    return now;
  }

  /** Seconds since 1970. */
  long epochSecond() {
    return clock.millis() / 1000;
  }

  RequestDeadlines deadlines() {
    return deadlines;
  }

  SharedFrames frames() {
    return frames;
  }

  ExpiryRing<ClientConnection> ring() {
    return ring;
  }

  Gateway gateway() {
    return gateway;
  }

  Chat chat() {
    return chat;
  }

  Config config() {
    return config;
  }

  Metrics metrics() {
    return metrics;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  ConnectionLimits limits() {
    return limits;
  }

  String node() {
    return node;
  }

  boolean draining() {
    return draining;
  }

  void drain() {
    draining = true;
  }
}
