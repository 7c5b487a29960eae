package im.parley.cluster;

import java.util.concurrent.ConcurrentHashMap;

/** The directory of a node alone: one map, topic to a bit set of gateways. */
public final class LocalDirectory implements Directory {
  /** Gateways that one node may have, because their set is the bits of a long. */
  public static final int MAX_GATEWAYS = 64;

  private final ConcurrentHashMap<String, Long> gateways = new ConcurrentHashMap<>();

  @Override
  public void register(String topic, int gateway) {
    // Long.valueOf caches the sets of up to seven gateways, so most entries share their value.
    gateways.merge(topic, 1L << gateway, (before, bit) -> before | bit);
  }

  @Override
  public void unregister(String topic, int gateway) {
    gateways.computeIfPresent(
        topic,
        (key, before) -> {
          long after = before & ~(1L << gateway);
          return after == 0 ? null : after;
        });
  }

  @Override
  public long gateways(String topic) {
    Long set = gateways.get(topic);
    return set == null ? 0 : set;
  }
}
