package im.parley.config;

import java.time.Duration;

/**
 * How the Redis store works.
 *
 * @param durability what an acknowledgement stands for
 * @param connections connections that write to each server
 * @param timeout how long an answer may take
 */
public record RedisConfig(RedisDurability durability, int connections, Duration timeout) {
  /** What stands in the table of keys. */
  static final RedisConfig STANDARD =
      new RedisConfig(RedisDurability.of("always"), 2, Duration.ofSeconds(2));

  public RedisConfig {
    Rules.between("store.redis-connections", connections, 1, 64);
    Rules.between("store.redis-timeout", timeout, Duration.ofMillis(50), Duration.ofMinutes(1));
  }

  static RedisConfig from(Reading reading) {
    return new RedisConfig(
        RedisDurability.of(reading.text("store.redis-durability")),
        reading.number("store.redis-connections"),
        reading.duration("store.redis-timeout"));
  }
}
