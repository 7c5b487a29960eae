package im.parley.metrics;

/** What a store tells of itself, at one moment; totals count from its opening. */
public interface StoreReadings {
  /** Writes that wait for the disk. */
  int writeQueue();

  /** Reads that wait for a reader. */
  int readQueue();

  /** Transactions committed. */
  long groups();

  /** Writes in them. */
  long grouped();

  /** Time spent in committing. */
  long commitNanos();

  /** Requests refused because a queue was full. */
  long busy();

  /** Requests refused because the medium failed or the store was closing. */
  long unavailable();

  /** Messages that retention has removed. */
  long trimmed();
}
