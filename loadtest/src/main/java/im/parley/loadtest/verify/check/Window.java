package im.parley.loadtest.verify.check;

/**
 * How a fault was felt.
 *
 * @param lastedSeconds from its beginning until all was undone and ready
 * @param withoutAckSeconds the longest time that touches it in which nobody got an acknowledgement
 * @param longestWaitSeconds of a message that waited in it, from its first send to its first
 *     acknowledgement
 */
public record Window(
    String fault, double lastedSeconds, double withoutAckSeconds, double longestWaitSeconds) {}
