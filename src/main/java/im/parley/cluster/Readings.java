package im.parley.cluster;

import com.hazelcast.map.IMap;
import im.parley.metrics.DirectoryReadings;

/** The directory's figures. */
record Readings(
    IMap<String, long[]> map, Registrations registrations, RouteCache cache, DirectoryAudit audit)
    implements DirectoryReadings {
  @Override
  public long entries() {
    return map.getLocalMapStats().getOwnedEntryCount();
  }

  @Override
  public int pending() {
    return registrations.pending();
  }

  @Override
  public int cached() {
    return cache.size();
  }

  @Override
  public long asked() {
    return cache.asked();
  }

  @Override
  public long refused() {
    return cache.refused();
  }

  @Override
  public long missing() {
    return audit.missing();
  }

  @Override
  public long surplus() {
    return audit.surplus();
  }

  @Override
  public long dead() {
    return audit.dead();
  }
}
