package im.parley.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.LongSupplier;

/** What a node of a cluster counts of its traffic with the other nodes, all of them together. */
public final class PeerMeters {
  /** Batches sent. */
  public final Counter batchesSent;

  /** Frames in those, questions and answers included. */
  public final Counter framesSent;

  /** Their bytes. */
  public final Counter bytesSent;

  /** Batches received. */
  public final Counter batchesReceived;

  /** Frames in those. */
  public final Counter framesReceived;

  /** Their bytes. */
  public final Counter bytesReceived;

  /** Frames that were lost here: too much waited for their node, or it was gone. */
  public final Counter dropped;

  /** Losses of frames that other nodes were told of. */
  public final Counter overrunsSent;

  /** Losses of frames that other nodes told this one of. */
  public final Counter overrunsReceived;

  /** What came and was no batch of a member. */
  public final Counter malformed;

  /** Questions that were not asked, for too many waited. */
  public final Counter questionsRefused;

  /** From a batch's sending to its acknowledgement. */
  public final Timer roundTrip;

  private final MeterRegistry registry;

  /** Registers all meters. */
  public PeerMeters(MeterRegistry registry) {
    this.registry = registry;
    batchesSent = sent("parley.peer.batches", "batches of frames from and to other nodes");
    batchesReceived = received("parley.peer.batches", "batches of frames from and to other nodes");
    framesSent = sent("parley.peer.frames", "frames in those batches");
    framesReceived = received("parley.peer.frames", "frames in those batches");
    bytesSent = sent("parley.peer.bytes", "bytes of those batches");
    bytesReceived = received("parley.peer.bytes", "bytes of those batches");
    overrunsSent = sent("parley.peer.overruns", "times that frames between nodes were lost");
    overrunsReceived =
        received("parley.peer.overruns", "times that frames between nodes were lost");
    dropped = counter("parley.peer.dropped", "frames for other nodes that were dropped");
    malformed = counter("parley.peer.malformed", "what came as a batch and was none");
    questionsRefused =
        counter("parley.peer.questions.refused", "questions not asked, for too many waited");
    roundTrip =
        Timer.builder("parley.peer.round.trip")
            .description("from a batch's sending to its acknowledgement")
            .register(registry);
  }

  /** Reads these two whenever metrics are; on any thread. */
  public void watch(LongSupplier waitingBytes, LongSupplier questions) {
    Gauge.builder("parley.peer.waiting.bytes", () -> waitingBytes.getAsLong())
        .description("bytes that wait for other nodes")
        .register(registry);
    Gauge.builder("parley.peer.questions", () -> questions.getAsLong())
        .description("questions to other nodes without an answer yet")
        .register(registry);
  }

  private Counter sent(String name, String description) {
    return directed(name, description, "sent");
  }

  private Counter received(String name, String description) {
    return directed(name, description, "received");
  }

  private Counter directed(String name, String description, String direction) {
    return Counter.builder(name)
        .description(description)
        .tag("direction", direction)
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
