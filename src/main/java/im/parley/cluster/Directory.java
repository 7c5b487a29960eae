package im.parley.cluster;

/**
 * Which gateways listen to a topic. A hint: a stale answer costs a late push, never a message.
 *
 * <p>A gateway registers on its first local listener and unregisters after its last. Any thread.
 */
public interface Directory {
  /** Notes that this node's gateway {@code gateway} listens to {@code topic}. */
  void register(String topic, int gateway);

  /** Takes it back. */
  void unregister(String topic, int gateway);

  /** This node's gateways that listen to {@code topic}, bit n for gateway n. */
  long gateways(String topic);
}
