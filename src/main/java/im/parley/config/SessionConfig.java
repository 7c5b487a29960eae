package im.parley.config;

import java.time.Duration;

/**
 * Devices of one user.
 *
 * @param policy which older sessions a login replaces
 * @param maxPerUser sessions of one user at once; the oldest makes room
 * @param offlineGrace how long a user's last session may be gone before watchers hear it; too small
 *     makes every flap visible
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

  public SessionConfig {
    Rules.between("sessions.max-per-user", maxPerUser, 1, 1000);
    Rules.between("sessions.offline-grace", offlineGrace, Duration.ZERO, Duration.ofHours(1));
    Rules.between("sessions.max-watched", maxWatched, 0, 100_000);
  }

  static SessionConfig from(Reading reading) {
    return new SessionConfig(
        reading.choice("sessions.policy", Policy.class),
        reading.number("sessions.max-per-user"),
        reading.duration("sessions.offline-grace"),
        reading.number("sessions.max-watched"));
  }
}
