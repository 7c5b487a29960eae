package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Each node in a Linux network namespace of its own, joined by a bridge of which this side has two
 * addresses: one for clients, one for the store. A cut gives a neighbour a link address that nobody
 * has, so packets leave and arrive nowhere, as with a pulled cable. Needs root.
 */
final class NamespaceNetwork implements Network {
  private static final String NOBODY = "02:00:00:00:00:01";
  private static final String DEVICE = "eth0";
  private static final int CLIENTS = 254;
  private static final int STORE = 253;
  private static final int FIRST_PORT = 20_000;

  private final int nodes;
  private final String prefix;
  private final String subnet;
  private int ports = FIRST_PORT;

  private NamespaceNetwork(int nodes) {
    long pid = ProcessHandle.current().pid();
    this.nodes = nodes;
    this.prefix = "pv" + pid;
    this.subnet = "10.%d.%d.".formatted(192 + (pid >> 8 & 63), pid & 255);
  }

  static NamespaceNetwork create(int nodes) throws IOException, InterruptedException {
    NamespaceNetwork network = new NamespaceNetwork(nodes);
    try {
      network.build();
      return network;
    } catch (IOException e) {
      network.close();
      throw new IOException(
          "network namespaces cannot be made: run as root, or under `unshare -Urnm` ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private void build() throws IOException, InterruptedException {
    Commands.run("ip", "link", "add", bridge(), "type", "bridge");
    for (int address : List.of(CLIENTS, STORE)) {
      Commands.run("ip", "address", "add", subnet + address + "/24", "dev", bridge());
    }
    Commands.run("ip", "link", "set", bridge(), "up");
    for (int node = 0; node < nodes; node++) {
      Commands.run("ip", "netns", "add", namespace(node));
      Commands.run(
          List.of(
              "ip",
              "link",
              "add",
              cable(node),
              "type",
              "veth",
              "peer",
              "name",
              DEVICE,
              "netns",
              namespace(node)));
      Commands.run("ip", "link", "set", cable(node), "master", bridge(), "up");
      ip(node, "address", "add", node(node) + "/24", "dev", DEVICE);
      ip(node, "link", "set", DEVICE, "up");
      ip(node, "link", "set", "lo", "up");
    }
  }

  private void ip(int node, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip", "-n", namespace(node)));
    command.addAll(List.of(arguments));
    Commands.run(command);
  }

  private String bridge() {
    return prefix + "b";
  }

  /** Its end on this side. */
  private String cable(int node) {
    return prefix + "v" + node;
  }

  private String namespace(int node) {
    return prefix + "n" + node;
  }

  @Override
  public String node(int node) {
    return subnet + (node + 1);
  }

  @Override
  public String store() {
    return subnet + STORE;
  }

  @Override
  public List<String> inside(int node) {
    // ip becomes the program, so the process is the server's own.
    return List.of("ip", "netns", "exec", namespace(node));
  }

  @Override
  public int freePort() {
    return ports++;
  }

  @Override
  public void isolate(int node) throws IOException, InterruptedException {
    for (int other = 0; other < nodes; other++) {
      if (other != node) {
        hide(node, node(other));
        hide(other, node(node));
      }
    }
  }

  @Override
  public void cutStore(int node) throws IOException, InterruptedException {
    hide(node, store());
  }

  private void hide(int from, String address) throws IOException, InterruptedException {
    ip(from, "neigh", "replace", address, "lladdr", NOBODY, "dev", DEVICE, "nud", "permanent");
  }

  @Override
  public void heal(int node) throws IOException, InterruptedException {
    for (int each = 0; each < nodes; each++) {
      ip(each, "neigh", "flush", "all", "nud", "permanent");
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (int node = 0; node < nodes; node++) {
      // A namespace may outlive its name for a while, and with it what is plugged into it.
      remove("ip", "link", "delete", cable(node));
      remove("ip", "netns", "delete", namespace(node));
    }
    remove("ip", "link", "delete", bridge());
  }

  /** What is half made is half removed. */
  private static void remove(String... command) throws InterruptedException {
    try {
      Commands.run(command);
    } catch (IOException e) {
      System.err.println("parley-loadtest: " + e.getMessage());
    }
  }
}
