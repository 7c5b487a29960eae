package im.parley.config;

import java.time.Duration;

/**
 * Devices of one user.
 *
 * @param policy which older sessions a login replaces
 * @param maxPerUser sessions of one user at once; the oldest makes room
 * @param offlineGrace how long a user's last session may be gone before watchers hear it; too small makes every flap visible
 * @param maxWatched users that one session may watch
 */
public record SessionConfig(Policy policy, int maxPerUser, Duration offlineGrace, int maxWatched) {

  /** Which older sessions of the same user a login replaces. */
  public enum Policy {
    /** Those of the same platform and device. */
    DEVICE,
    /** Those of the same platform. */
    PLATFORM,
    /** All. */
    SINGLE
  }
}
