package im.parley.metrics;

import im.parley.protocol.CloseCode;
import im.parley.protocol.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Every meter of Parley's own. Tags are enums with few values, never a user or a room. Any thread.
 */
public final class Metrics {
  /** Requests from clients. */
  public final Counter requests;

  /** Logins that succeeded. */
  public final Counter logins;

  /** Messages that were asked to be appended. */
  public final Counter sends;

  /** Sends that found their cid stored already. */
  public final Counter duplicates;

  /** Frames that were queued to clients as pushes. */
  public final Counter pushes;

  /** Droppable pushes that a slow reader missed. */
  public final Counter dropped;

  /** Upgrades that were refused because the node is full. */
  public final Counter connectionsRefused;

  /** Upgrades that were refused because their address has too many. */
  public final Counter addressRefused;

  /** Connections that were accepted. */
  public final Counter accepted;

  /** Tries to accept that failed, mostly for want of file descriptors. */
  public final Counter acceptsFailed;

  /** Frames that were no request. */
  public final Counter malformed;

  /** Connections whose reading was paused because of too many unanswered requests. */
  public final Counter paused;

  /** Connections removed by the expiry ring. */
  public final Counter expired;

  /** Repeated message ids that prim's routes swallowed. */
  public final Counter primDuplicates;

  private final MeterRegistry registry;
  private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);
  private final Map<ErrorCode, Counter> refusedSends = new EnumMap<>(ErrorCode.class);
  private final Map<CloseCode, Counter> closed = new EnumMap<>(CloseCode.class);

  /** Registers all meters. */
  public Metrics(MeterRegistry registry) {
    this.registry = registry;
    requests = counter("parley.requests", "requests from clients");
    logins = counter("parley.logins", "logins that succeeded");
    sends = counter("parley.sends", "messages that were asked to be appended");
    duplicates = counter("parley.sends.duplicate", "sends whose cid was stored already");
    pushes = counter("parley.pushes", "pushes queued to clients");
    dropped = counter("parley.pushes.dropped", "droppable pushes that a slow reader missed");
    accepted = counter("parley.connections.accepted", "connections accepted");
    connectionsRefused =
        counter("parley.connections.refused", "upgrades refused: the node is full");
    addressRefused =
        counter("parley.connections.refused.address", "upgrades refused: too many of one address");
    acceptsFailed =
        counter(
            "parley.accepts.failed",
            "tries to accept that failed, mostly for want of file descriptors");
    malformed = counter("parley.frames.malformed", "frames that were no request");
    paused =
        counter("parley.connections.paused", "pauses of reading for too many unanswered requests");
    expired = counter("parley.connections.expired", "connections removed for want of heartbeats");
    primDuplicates = counter("parley.prim.duplicates", "repeated message ids of prim's routes");
    for (ErrorCode code : ErrorCode.values()) {
      refusedSends.put(
          code,
          tagged("parley.sends.refused", "messages that were not appended, by code", code.name()));
      refused.put(code, tagged("parley.refused", "requests refused, by code", code.name()));
    }
    for (CloseCode code : CloseCode.values()) {
      closed.put(
          code,
          tagged("parley.closed", "connections that the server closed, by code", code.name()));
    }
  }

  /** Counts a message that was not appended, whichever way it came. */
  public void refusedSend(ErrorCode code) {
    refusedSends.get(code).increment();
  }

  /** Counts a client's request that was refused. */
  public void refused(ErrorCode code) {
    refused.get(code).increment();
  }

  /** Counts a close by the server. */
  public void closed(CloseCode code) {
    closed.get(code).increment();
  }

  /** Registers a gauge that is read when metrics are. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Counter tagged(String name, String description, String code) {
    return Counter.builder(name).description(description).tag("code", code).register(registry);
  }
}
