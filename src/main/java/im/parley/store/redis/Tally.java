package im.parley.store.redis;

import im.parley.metrics.StoreReadings;

/** What the links have done. Written by the store's loop, read by any thread. */
final class Tally {
  private volatile long pipelines;
  private volatile long calls;
  private volatile long nanos;
  private volatile long trimmed;

  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes
  void answered(int size, long took) {
    pipelines = pipelines + 1;
    calls = calls + size;
    nanos = nanos + took;
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes
  void trimmed(long messages) {
    trimmed = trimmed + messages;
  }

  RedisReadings snapshot(Gate writes, Gate reads) {
    return new RedisReadings(
        writes.inside(),
        reads.inside(),
        pipelines,
        calls,
        nanos,
        writes.busy.sum() + reads.busy.sum(),
        writes.unavailable.sum() + reads.unavailable.sum(),
        trimmed);
  }

  /**
   * How the store is doing at one moment. A group is a pipeline, its commit the time to its last
   * answer.
   */
  record RedisReadings(
      int writeQueue,
      int readQueue,
      long groups,
      long grouped,
      long commitNanos,
      long busy,
      long unavailable,
      long trimmed)
      implements StoreReadings {}
}
