package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.util.List;

/** Where the servers of a run live and what lies between them. Nodes are counted from 0. */
interface Network extends AutoCloseable {
  /** The address on which a node listens, and at which clients and nodes reach it. */
  String node(int node);

  /** The address at which nodes reach the store. */
  String store();

  /** What stands before the command of a node's process. */
  List<String> inside(int node);

  /** A port that nobody uses at that address. */
  int freePort() throws IOException;

  /** Drops, silently, every packet between a node and the other nodes. */
  void isolate(int node) throws IOException, InterruptedException;

  /** Drops, silently, every packet from a node to the store. */
  void cutStore(int node) throws IOException, InterruptedException;

  /** Ends {@link #isolate} and {@link #cutStore}. */
  void heal(int node) throws IOException, InterruptedException;

  @Override
  void close() throws IOException, InterruptedException;
}
