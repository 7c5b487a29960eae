package im.parley.store;

import im.parley.protocol.Message;

/**
 * What an append came to.
 *
 * @param message the stored message; for a duplicate the first one's id, epoch, offset and time
 * @param duplicate whether (sender, conversation, cid) was stored before
 */
public record Appended(Message message, boolean duplicate) {}
