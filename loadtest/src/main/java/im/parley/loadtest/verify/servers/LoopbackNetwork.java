package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.util.List;

/** All servers on loopback; it needs no rights and cannot be cut. */
final class LoopbackNetwork implements Network {
  private static final String LOOPBACK = "127.0.0.1";

  private final Ports ports = new Ports();

  @Override
  public String node(int node) {
    return LOOPBACK;
  }

  @Override
  public String store() {
    return LOOPBACK;
  }

  @Override
  public List<String> inside(int node) {
    return List.of();
  }

  @Override
  public int freePort() throws IOException {
    return ports.next();
  }

  @Override
  public void isolate(int node) {
    throw uncuttable();
  }

  @Override
  public void cutStore(int node) {
    throw uncuttable();
  }

  private static IllegalStateException uncuttable() {
    return new IllegalStateException("loopback cannot be cut; expected network namespaces");
  }

  @Override
  public void heal(int node) {}

  @Override
  public void close() {}
}
