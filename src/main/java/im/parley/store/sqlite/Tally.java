package im.parley.store.sqlite;

import java.util.concurrent.atomic.LongAdder;

/** The store's counters. */
final class Tally {
  // Any thread
  final LongAdder busy = new LongAdder();
  final LongAdder unavailable = new LongAdder();

  // Written by the writer only, read by any thread
  private volatile long groups;
  private volatile long grouped;
  private volatile long largestGroup;
  private volatile long commitNanos;
  private volatile long longestCommitNanos;
  private volatile long trimmed;

  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes
  void committed(int size, long nanos) {
    groups = groups + 1;
    grouped = grouped + size;
    largestGroup = Math.max(largestGroup, size);
    commitNanos = commitNanos + nanos;
    longestCommitNanos = Math.max(longestCommitNanos, nanos);
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes
  void trimmed(long messages) {
    trimmed = trimmed + messages;
  }

  long groups() {
    return groups;
  }

  StoreMetrics snapshot(int writeQueue, int readQueue) {
    return new StoreMetrics(
        writeQueue,
        readQueue,
        groups,
        grouped,
        largestGroup,
        commitNanos,
        longestCommitNanos,
        busy.sum(),
        unavailable.sum(),
        trimmed);
  }
}
