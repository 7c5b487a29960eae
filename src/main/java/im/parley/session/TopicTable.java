package im.parley.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One event loop's topics and the sessions that listen to them. Tells the node of each topic's
 * first and last listener. Event loop only.
 */
public final class TopicTable {
  private final LocalTopics node;
  private final int gateway;

  /**
   * Topic to its one Session, or to a SessionSet when there are several: most topics are a user's
   * with one device.
   */
  private final Map<String, Object> listeners = new HashMap<>();

  TopicTable(LocalTopics node, int gateway) {
    this.node = node;
    this.gateway = gateway;
  }

  /** Adds a listener; nothing happens when it listens already. */
  public void add(String topic, Session session) {
    Object present = listeners.get(topic);
    if (present == null) {
      listeners.put(topic, session);
      node.register(topic, gateway);
    } else if (present instanceof SessionSet set) {
      set.add(session);
    } else if (present != session) {
      SessionSet set = new SessionSet();
      set.add((Session) present);
      set.add(session);
      listeners.put(topic, set);
    }
  }

  /** Removes a listener; nothing happens when it is none. */
  public void remove(String topic, Session session) {
    Object present = listeners.get(topic);
    if (present == session) {
      listeners.remove(topic);
      node.unregister(topic, gateway);
    } else if (present instanceof SessionSet set) {
      set.remove(session);
      if (set.size() == 1) {
        listeners.put(topic, set.any());
      }
    }
  }

  /** Calls {@code action} for each listener; it must not add or remove listeners of this topic. */
  public void forEach(String topic, Consumer<Session> action) {
    Object present = listeners.get(topic);
    if (present instanceof SessionSet set) {
      set.forEach(action);
    } else if (present != null) {
      action.accept((Session) present);
    }
  }

  /** The listeners as they are now. */
  public List<Session> list(String topic) {
    List<Session> list = new ArrayList<>(count(topic));
    forEach(topic, list::add);
    return list;
  }

  /** How many sessions listen. */
  public int count(String topic) {
    Object present = listeners.get(topic);
    return present == null ? 0 : present instanceof SessionSet set ? set.size() : 1;
  }

  /** How many topics have a listener here. */
  public int size() {
    return listeners.size();
  }
}
