package im.parley.cluster;

import java.util.Arrays;

/** Sets of nodes as arrays of their numbers, small and unordered. A set is never changed. */
final class NodeSets {
  private NodeSets() {}

  static boolean contains(long[] set, long node) {
    for (long each : set) {
      if (each == node) {
        return true;
      }
    }
    return false;
  }

  /** The set itself when the node is in it already. */
  static long[] with(long[] set, long node) {
    if (contains(set, node)) {
      return set;
    }
    long[] with = Arrays.copyOf(set, set.length + 1);
    with[set.length] = node;
    return with;
  }

  /** The set itself when none of {@code nodes} is in it. */
  static long[] without(long[] set, long... nodes) {
    return filter(set, nodes, false);
  }

  /** The set itself when all of it is in {@code nodes}. */
  static long[] within(long[] set, long[] nodes) {
    return filter(set, nodes, true);
  }

  static long[] union(long[] one, long[] other) {
    long[] union = one;
    for (long node : other) {
      union = with(union, node);
    }
    return union;
  }

  private static long[] filter(long[] set, long[] nodes, boolean in) {
    int size = 0;
    for (long each : set) {
      size += contains(nodes, each) == in ? 1 : 0;
    }
    if (size == set.length) {
      return set;
    }
    long[] kept = size == 0 ? Directory.NOBODY : new long[size];
    int next = 0;
    for (long each : set) {
      if (contains(nodes, each) == in) {
        kept[next++] = each;
      }
    }
    return kept;
  }
}
