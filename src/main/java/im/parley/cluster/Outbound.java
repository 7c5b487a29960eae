package im.parley.cluster;

import im.parley.metrics.PeerMeters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The way of a {@link PeerQueue} to its node: a stream of numbered batches, of which only so many
 * are on their way at a time. Event loop only.
 *
 * <p>Nothing is ever sent twice. A stream begins with an opening that is repeated until it is
 * acknowledged; batches follow. When acknowledgements fail to come, it asks for them with a probe.
 * When the receiver finds a hole, what was on its way is given up, and another stream begins whose
 * opening says so. So a loss may be told needlessly, but never not at all.
 */
final class Outbound {
  private static final int BATCHES_A_TURN = 4;
  private static final long FIRST_RETRY = TimeUnit.MILLISECONDS.toNanos(100);

  private final PeerQueue queue;
  private final PeerLimits limits;
  private final PeerMeters meters;
  private final LongSupplier streams;
  private final Wire wire;

  // Event loop only
  private final Deque<OnItsWay> onTheirWay = new ArrayDeque<>();
  private long bytesOnTheirWay;
  private long stream;
  private boolean opened;
  private BatchHeader.Kind opening = BatchHeader.Kind.OPEN;
  private long sent;
  private long retryAt;
  private long retry = FIRST_RETRY;

  /** Puts things on the wire under the header of this node. */
  interface Wire {
    /** A batch that will be sent, for about {@code bytes}. */
    Batch batch(long stream, long number, int bytes);

    void send(Batch batch);

    /** Something without frames. */
    void send(BatchHeader.Kind kind, long stream, long number);
  }

  private record OnItsWay(long number, int bytes, long sentAt) {}

  /** {@code streams} gives numbers that ascend. */
  Outbound(PeerQueue queue, PeerLimits limits, PeerMeters meters, LongSupplier streams, Wire wire) {
    this.queue = queue;
    this.limits = limits;
    this.meters = meters;
    this.streams = streams;
    this.wire = wire;
  }

  /**
   * Sends what waits and has credit, but no more than keeps a turn of the loop short; whether there
   * is more.
   */
  boolean flush(long now) {
    if (stream == 0 && !queue.isIdle()) {
      begin(now);
    }
    if (!opened) {
      queue.stalled(stream != 0);
      return false;
    }
    queue.stalled(false);
    for (int i = 0; i < BATCHES_A_TURN; i++) {
      if (!sendBatch(now)) {
        return false;
      }
    }
    return !queue.isIdle();
  }

  private boolean sendBatch(long now) {
    if (onTheirWay.size() >= limits.windowBatches()) {
      queue.stalled(true);
      return false;
    }
    Batch batch = null;
    for (Frame frame = queue.first(); frame != null; frame = queue.first()) {
      int length = (batch == null ? BatchHeader.LENGTH : batch.length()) + frame.length();
      if (batch != null && length > limits.batchBytes()) {
        break;
      }
      if (bytesOnTheirWay + length > limits.windowBytes() && bytesOnTheirWay > 0) {
        queue.stalled(batch == null);
        break;
      }
      if (batch == null) {
        batch = wire.batch(stream, sent + 1, capacity(frame));
      }
      batch.add(frame);
      queue.removeFirst();
    }
    if (queue.tellLoss()) {
      batch = batch == null ? wire.batch(stream, sent + 1, Frame.HEAD) : batch;
      batch.add(Frame.OVERRUN);
      meters.overrunsSent.increment();
    }
    if (batch != null) {
      send(batch, now);
    }
    return batch != null;
  }

  private int capacity(Frame first) {
    return Math.max(first.length(), (int) Math.min(limits.batchBytes(), queue.bytes()));
  }

  private void send(Batch batch, long now) {
    if (onTheirWay.isEmpty()) {
      retryAt = now + limits.patience().toNanos();
    }
    sent++;
    bytesOnTheirWay += batch.length();
    onTheirWay.add(new OnItsWay(sent, batch.length(), now));
    wire.send(batch);
    meters.batchesSent.increment();
    meters.framesSent.increment(batch.count());
    meters.bytesSent.increment(batch.length());
  }

  /** The receiver has handed on all batches of {@code its} up to {@code number}. */
  void acknowledged(long its, long number, long now) {
    if (its != stream || stream == 0 || number > sent) {
      return;
    }
    opened = true;
    OnItsWay last = null;
    while (!onTheirWay.isEmpty() && onTheirWay.peek().number() <= number) {
      last = onTheirWay.poll();
      bytesOnTheirWay -= last.bytes();
    }
    if (last != null) {
      retryAt = now + limits.patience().toNanos();
      meters.roundTrip.record(now - last.sentAt(), TimeUnit.NANOSECONDS);
    }
  }

  /** The receiver misses something of {@code its}. */
  void refused(long its, long now) {
    if (its == stream && stream != 0) {
      opening = BatchHeader.Kind.REOPEN;
      meters.overrunsSent.increment();
      begin(now);
    }
  }

  /** Repeats what has no answer. To be called a few times a second. */
  void tick(long now) {
    if (stream == 0 || now - retryAt < 0) {
      return;
    }
    if (!opened) {
      retry = Math.min(2 * retry, limits.patience().toNanos());
      retryAt = now + retry;
      wire.send(opening, stream, 0);
    } else if (!onTheirWay.isEmpty()) {
      retryAt = now + limits.patience().toNanos();
      wire.send(BatchHeader.Kind.PROBE, stream, sent + 1);
    }
  }

  private void begin(long now) {
    stream = streams.getAsLong();
    opened = false;
    sent = 0;
    onTheirWay.clear();
    bytesOnTheirWay = 0;
    retry = FIRST_RETRY;
    retryAt = now + retry;
    wire.send(opening, stream, 0);
  }

  /** Bytes that are not acknowledged. */
  long bytesOnTheirWay() {
    return bytesOnTheirWay;
  }
}
