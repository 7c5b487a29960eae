package im.parley.cluster;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.map.MapEvent;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryMergedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.map.listener.MapClearedListener;

/** Hears of each change of a topic, by any node, and lets the cache forget it. */
record Changes(RouteCache cache)
    implements EntryAddedListener<String, long[]>,
        EntryUpdatedListener<String, long[]>,
        EntryRemovedListener<String, long[]>,
        EntryMergedListener<String, long[]>,
        MapClearedListener {
  @Override
  public void entryAdded(EntryEvent<String, long[]> event) {
    cache.forget(event.getKey());
  }

  @Override
  public void entryUpdated(EntryEvent<String, long[]> event) {
    cache.forget(event.getKey());
  }

  @Override
  public void entryRemoved(EntryEvent<String, long[]> event) {
    cache.forget(event.getKey());
  }

  @Override
  public void entryMerged(EntryEvent<String, long[]> event) {
    cache.forget(event.getKey());
  }

  @Override
  public void mapCleared(MapEvent event) {
    cache.forgetAll();
  }
}
