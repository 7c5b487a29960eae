package im.parley.store;

import im.parley.protocol.Message;
import java.util.List;

/**
 * A part of a conversation's log.
 *
 * @param conversation the log
 * @param epoch its present epoch
 * @param first the lowest offset that retention has left, or {@code head + 1} when nothing is left
 * @param head the highest offset given out so far, 0 for an empty log
 * @param messages ascending by offset, no holes between them
 * @param more whether further messages exist in the direction of reading
 */
public record LogPage(
    String conversation,
    String epoch,
    long first,
    long head,
    List<Message> messages,
    boolean more) {}
