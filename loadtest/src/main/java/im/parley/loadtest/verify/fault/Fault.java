package im.parley.loadtest.verify.fault;

import java.io.IOException;

/** Something that is done to the servers, and undone. Used once. */
public interface Fault {
  /** For the history, with the node if it is about one. */
  String name();

  /** Whether the documentation lets logs have a new epoch afterwards. */
  boolean epochsMayChange();

  /** Returns once it is done. */
  void begin() throws IOException, InterruptedException;

  /** Returns once it is undone and the servers are ready. */
  void end() throws IOException, InterruptedException;
}
