package im.parley.cli.doctor;

/**
 * What one node is to hold.
 *
 * @param connections at the same time
 * @param wsPorts how many ports they come to
 * @param clientAddresses how many addresses they come from, as the proxies in front; 0 for many
 * @param backlog of the node's listeners
 * @param heartbeatSeconds between two heartbeats of a connection
 */
public record Wish(
    long connections, int wsPorts, int clientAddresses, int backlog, long heartbeatSeconds) {
  /**
   * Descriptors of jars, store, logs, listeners and event loops, and room for connects on their
   * way.
   */
  static final long OTHER_FILES = 1_000;

  /** Live heap of a logged-in idle connection and the room that a collector needs beside it. */
  static final long HEAP_BYTES = 2_600;

  /** Heap of a node without connections, and its young generation. */
  static final long BASE_HEAP_BYTES = 192L << 20;

  /** Threads, compiled code, metaspace, network buffers. */
  static final long NATIVE_BYTES = 256L << 20;

  /** Measured for an idle TCP socket with its file, inode and epoll entry (Linux 6.1, IPv6). */
  static final long KERNEL_BYTES = 4_700;

  long files() {
    return connections + OTHER_FILES;
  }

  long heapBytes() {
    return BASE_HEAP_BYTES + connections * HEAP_BYTES;
  }

  long memoryBytes() {
    return heapBytes() + NATIVE_BYTES + connections * KERNEL_BYTES;
  }
}
