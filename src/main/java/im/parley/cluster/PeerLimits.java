package im.parley.cluster;

import java.time.Duration;

/**
 * How much may wait for another node, and how long.
 *
 * @param queueBytes what waits for one node, in bytes of memory; too small loses frames at each
 *     pause of that node, too large lets a stopped one cost more
 * @param batchBytes a batch is not filled further than this, unless by a single frame
 * @param windowBytes what is on its way to one node and not acknowledged
 * @param windowBatches the same in batches: each costs memory beside its bytes
 * @param questions questions to one node without an answer
 * @param answerTime how long an answer may take
 * @param patience how long an acknowledgement may take until it is asked for
 */
public record PeerLimits(
    long queueBytes,
    int batchBytes,
    long windowBytes,
    int windowBatches,
    int questions,
    Duration answerTime,
    Duration patience) {
  /** The longest frame, question or answer, in bytes. */
  public static final int MAX_FRAME_BYTES = 1 << 20;

  /** With {@code queueBytes} for each node, and what was measured to do well for the rest. */
  public static PeerLimits of(long queueBytes) {
    return new PeerLimits(
        queueBytes, 64 << 10, 4 << 20, 64, 10_000, Duration.ofSeconds(5), Duration.ofSeconds(1));
  }
}
