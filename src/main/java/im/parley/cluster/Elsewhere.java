package im.parley.cluster;

import java.util.PriorityQueue;

/**
 * Shares the clients of a node that goes among the others: each to the one that is least loaded,
 * those sent there before counted. For one thread; it knows the nodes as they were when it was
 * made.
 */
public final class Elsewhere {
  private final PriorityQueue<Place> places = new PriorityQueue<>();

  /** The other nodes of {@code membership} that stay and can be reached by clients. */
  public Elsewhere(Membership membership) {
    for (NodeInfo node : membership.nodes()) {
      if (node.id() != membership.self() && !node.draining() && !node.url().isEmpty()) {
        places.add(new Place(node, node.connections()));
      }
    }
  }

  /** Where the next client may go, as {@link NodeInfo#url}; null when there is no other node. */
  public String next() {
    Place least = places.poll();
    if (least == null) {
      return null;
    }
    places.add(new Place(least.node, least.clients + 1));
    return least.node.url();
  }

  private record Place(NodeInfo node, int clients) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return Double.compare(load(), other.load());
    }

    private double load() {
      return node.load(clients);
    }
  }
}
