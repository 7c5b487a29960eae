package im.parley.store;

import im.parley.protocol.Message;

/**
 * One conversation as one of its members sees it.
 *
 * @param conversation its id
 * @param epoch the log's epoch
 * @param first the lowest offset that retention has left, or {@code head + 1} when nothing is left
 * @param head the highest offset given out, 0 when empty
 * @param unread messages of others after the read mark and after joining, counted up to 1000 and no
 *     further back than the newest 10,000 of the log
 * @param delivered the member's delivered mark, 0 at first
 * @param read the member's read mark, 0 at first
 * @param last the newest message, null when there is none
 */
public record ConversationState(
    String conversation,
    String epoch,
    long first,
    long head,
    long unread,
    long delivered,
    long read,
    Message last) {}
