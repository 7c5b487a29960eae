package im.parley.metrics;

/** What became of pushes between nodes, counted since the start. Any thread. */
public interface RouteReadings {
  /** Messages that came again, or after a later one of their conversation. */
  long late();

  /** Messages that were fetched from the log because they did not come. */
  long filled();

  /**
   * Times that sessions were told to sync a conversation, because what was missing did not come.
   */
  long skipped();

  /** Pushes that came from another node for someone who was not here any more. */
  long stale();

  /** Messages sent to all nodes because the directory did not answer. */
  long broadcast();

  /** Other pushes that stayed on this node because the directory did not answer. */
  long lost();
}
