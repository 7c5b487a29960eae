package im.parley.config;

/**
 * What Redis must have done with a message before it is acknowledged.
 *
 * @param level where the message is then
 * @param replicas how many replicas have it too; 0 unless {@code REPLICATED}
 */
public record RedisDurability(Level level, int replicas) {
  private static final String REPLICATED = "replicated:";
  private static final int MOST_REPLICAS = 16;

  /** Where an acknowledged message is. */
  public enum Level {
    /** In the memory of the primary: lost when its process ends. */
    MEMORY,
    /** Written to the append-only file, synced each second: a power loss takes the last 1-2 s. */
    EVERYSEC,
    /** Synced to the append-only file: survives a power loss; a failover may lose the last ones. */
    ALWAYS,
    /** In the memory of the primary and of N replicas: survives the loss of any N of them. */
    REPLICATED
  }

  /** Reads the setting {@code store.redis-durability}. */
  public static RedisDurability of(String text) {
    return switch (text) {
      case "memory" -> new RedisDurability(Level.MEMORY, 0);
      case "everysec" -> new RedisDurability(Level.EVERYSEC, 0);
      case "always" -> new RedisDurability(Level.ALWAYS, 0);
      default -> new RedisDurability(Level.REPLICATED, replicas(text));
    };
  }

  private static int replicas(String text) {
    String count = text.startsWith(REPLICATED) ? text.substring(REPLICATED.length()) : "";
    Rules.require(
        count.matches("[1-9][0-9]?") && Integer.parseInt(count) <= MOST_REPLICAS,
        "store.redis-durability",
        text,
        "memory, everysec, always or replicated:N with N from 1 to " + MOST_REPLICAS);
    return Integer.parseInt(count);
  }
}
