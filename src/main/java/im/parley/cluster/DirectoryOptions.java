package im.parley.cluster;

import java.time.Duration;

/**
 * Sizes and times of the clustered directory.
 *
 * @param changes registrations under way at once; too many fill the members' queues
 * @param questions topics asked about at once; beyond it the question fails
 * @param cached topics whose nodes are remembered, about 170 bytes each; too few ask for each push
 * @param cachedFor the longest that an answer is believed whose change this node was not told
 * @param patience how long an answer may take
 * @param grace the longest that a dead node's routes stay for members that must know whom it had
 *     and do not say that they do; reading them takes long just then, since members first take over
 *     what the dead one kept
 * @param audit how long a round of the audit takes; too short loads the members, too long leaves
 *     what was lost unrepaired
 */
public record DirectoryOptions(
    int changes,
    int questions,
    int cached,
    Duration cachedFor,
    Duration patience,
    Duration grace,
    Duration audit) {

  /** The standard, with a round of the audit in {@code audit}. */
  public static DirectoryOptions standard(Duration audit) {
    return new DirectoryOptions(
        1_024,
        16_384,
        100_000,
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        audit);
  }
}
