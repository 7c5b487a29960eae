package im.parley.store.sqlite;

import im.parley.metrics.StoreReadings;

/**
 * How the store is doing, at one moment. Totals count from the opening.
 *
 * @param writeQueue writes that wait for the disk
 * @param readQueue reads that wait for a reader
 * @param groups transactions committed
 * @param grouped writes in them; {@code grouped / groups} is the mean size of a group
 * @param largestGroup writes in the largest group
 * @param commitNanos time spent in committing, fsync included
 * @param longestCommitNanos the slowest commit
 * @param busy requests refused because a queue was full
 * @param unavailable requests refused because the medium failed or the store was closing
 * @param trimmed messages that retention has removed
 */
public record StoreMetrics(
    int writeQueue,
    int readQueue,
    long groups,
    long grouped,
    long largestGroup,
    long commitNanos,
    long longestCommitNanos,
    long busy,
    long unavailable,
    long trimmed)
    implements StoreReadings {}
