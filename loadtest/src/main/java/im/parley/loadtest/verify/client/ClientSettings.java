package im.parley.loadtest.verify.client;

import im.parley.loadtest.wire.Target;
import java.time.Duration;
import java.util.List;

/**
 * What all devices of a run have in common.
 *
 * @param targets every node
 * @param window requests to store a message that a device has under way at once
 * @param patience for a reply, and for a connection
 * @param heartbeat between two of a device
 * @param longestBackoff between two attempts to connect
 */
public record ClientSettings(
    List<Target> targets,
    int window,
    Duration patience,
    Duration heartbeat,
    Duration longestBackoff) {}
