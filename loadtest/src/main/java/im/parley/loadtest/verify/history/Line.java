package im.parley.loadtest.verify.history;

/**
 * An event with its place in the history.
 *
 * @param number from 1
 * @param nanos of one monotonic clock for the whole run
 * @param millis of the wall clock, for people and logs
 */
public record Line(int number, long nanos, long millis, Event event) {}
