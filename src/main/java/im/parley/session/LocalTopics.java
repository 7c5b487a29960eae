package im.parley.session;

import im.parley.cluster.Directory;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which of this node's gateways listen to a topic. Tells the cluster's directory of the node's
 * first and last. Any thread.
 *
 * <p>A gateway registers on its first listener and unregisters after its last.
 */
public class LocalTopics implements Directory.Local {
  /** Gateways that one node may have, because their set is the bits of a long. */
  public static final int MAX_GATEWAYS = 64;

  private final ConcurrentHashMap<String, Long> gateways = new ConcurrentHashMap<>();
  private final Directory directory;

  /** {@code directory} learns what this node listens to, in order for each topic. */
  public LocalTopics(Directory directory) {
    this.directory = directory;
    directory.follow(this);
  }

  /** Notes that gateway {@code gateway} listens to {@code topic}. */
  public void register(String topic, int gateway) {
    // Long.valueOf caches the sets of up to seven gateways, so most entries share their value.
    gateways.compute(
        topic,
        (key, before) -> {
          if (before == null) {
            directory.register(topic); // under the entry's lock, for the order
            return 1L << gateway;
          }
          return before | 1L << gateway;
        });
  }

  /** Takes it back. */
  public void unregister(String topic, int gateway) {
    gateways.computeIfPresent(
        topic,
        (key, before) -> {
          long after = before & ~(1L << gateway);
          if (after == 0) {
            directory.unregister(topic);
            return null;
          }
          return after;
        });
  }

  /** The gateways that listen to {@code topic}, bit n for gateway n. */
  public long gateways(String topic) {
    Long set = gateways.get(topic);
    return set == null ? 0 : set;
  }

  @Override
  public boolean listens(String topic) {
    return gateways.containsKey(topic);
  }

  @Override
  public Iterable<String> all() {
    return gateways.keySet();
  }
}
