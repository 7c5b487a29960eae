package im.parley.store;

import java.util.List;

/**
 * A message before it has its place in the log.
 *
 * @param id see {@link im.parley.protocol.Message#id()}; a duplicate's draft id is discarded
 * @param conversation the log to append to
 * @param members users that become members of the conversation with this append if they are not
 *     yet: both users of a direct conversation; empty for a room, which has its members already
 * @param from the sender's user id
 * @param platform the sender's platform
 * @param time milliseconds since 1970 UTC
 * @param cid the sender's own id, unique per (sender, conversation)
 * @param type the message's type
 * @param body the content as the text of one JSON object
 */
public record Draft(
    String id,
    String conversation,
    List<String> members,
    String from,
    String platform,
    long time,
    String cid,
    String type,
    String body) {}
