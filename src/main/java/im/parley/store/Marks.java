package im.parley.store;

/**
 * A member's marks in one conversation after an update.
 *
 * @param delivered highest offset that a device of the member has
 * @param read highest offset that the member has seen; never above {@code delivered}
 * @param changed whether this update moved either of them
 */
public record Marks(long delivered, long read, boolean changed) {}
