package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The nodes of a run and their Redis, in processes of their own, and all that can be done to them.
 * Nodes are counted from 0. One thread at a time.
 */
public final class Servers implements AutoCloseable {
  private final Network network;
  private final RedisProcess redis;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<ShiftedClock> clocks = new ArrayList<>();
  private final Thread atExit = new Thread(this::end);

  private Servers(ServersPlan plan) throws IOException, InterruptedException {
    Files.createDirectories(plan.directory());
    network = plan.cuttable() ? NamespaceNetwork.create(plan.nodes()) : new LoopbackNetwork();
    // Ctrl-C must leave no process and no namespace behind.
    Runtime.getRuntime().addShutdownHook(atExit);
    redis =
        plan.redis()
            ? new RedisProcess(
                network.store(), network.freePort(), plan.directory().resolve("redis"))
            : null;
    Path library = plan.clocks() ? ShiftedClock.compile(plan.directory()) : null;
    NodeCommands commands = new NodeCommands(plan, network, redis == null ? null : redis.url());
    for (int node = 0; node < plan.nodes(); node++) {
      Map<String, String> environment = Map.of();
      if (library != null) {
        clocks.add(ShiftedClock.create(library, plan.directory().resolve("clock" + node)));
        environment = clocks.get(node).environment();
      }
      nodes.add(commands.node(node, environment));
    }
  }

  /** Starts them and waits until all are ready. */
  public static Servers start(ServersPlan plan) throws IOException, InterruptedException {
    if (!Files.isRegularFile(plan.jar())) {
      throw new IOException(
          "no "
              + plan.jar().toAbsolutePath().normalize()
              + ": build it with mvn -DskipTests package");
    }
    Servers servers = new Servers(plan);
    try {
      if (servers.redis != null) {
        servers.redis.start();
      }
      for (NodeProcess node : servers.nodes) {
        node.start();
      }
      servers.awaitReady();
      return servers;
    } catch (IOException | InterruptedException e) {
      servers.close();
      throw e;
    }
  }

  public int nodes() {
    return nodes.size();
  }

  /** For clients, one per node. */
  public List<String> urls() {
    return nodes.stream().map(NodeProcess::url).toList();
  }

  /** Until every node says so. */
  public void awaitReady() throws IOException, InterruptedException {
    for (NodeProcess node : nodes) {
      node.awaitReady();
    }
  }

  /** kill -9. */
  public void kill(int node) throws InterruptedException {
    nodes.get(node).kill();
  }

  /** Starts a node that was killed, and waits until it is ready. */
  public void restart(int node) throws IOException, InterruptedException {
    nodes.get(node).start();
    nodes.get(node).awaitReady();
  }

  /**
   * SIGTERM to one node after the other; the next when the former is ready again.
   *
   * @throws IOException if one did not end with 0
   */
  public void roll() throws IOException, InterruptedException {
    for (NodeProcess node : nodes) {
      node.stop();
      node.start();
      node.awaitReady();
    }
  }

  /** SIGSTOP. */
  public void pause(int node) throws IOException, InterruptedException {
    nodes.get(node).pause();
  }

  /** SIGCONT. */
  public void resume(int node) throws IOException, InterruptedException {
    nodes.get(node).resume();
  }

  /** Cuts a node off from the other nodes, not from clients and store. */
  public void isolate(int node) throws IOException, InterruptedException {
    network.isolate(node);
  }

  /** Cuts a node off from the store. */
  public void cutStore(int node) throws IOException, InterruptedException {
    network.cutStore(node);
  }

  /** Ends a cut. */
  public void heal(int node) throws IOException, InterruptedException {
    network.heal(node);
  }

  /** A node's wall clock is wrong by so much from now on. */
  public void jump(int node, Duration wrongBy) {
    clocks.get(node).jump(wrongBy);
  }

  /** kill -9. */
  public void killRedis() throws InterruptedException {
    redis.kill();
  }

  /** Starts it with what is on its disk. */
  public void restartRedis() throws IOException, InterruptedException {
    redis.start();
  }

  /** SIGSTOP. */
  public void pauseRedis() throws IOException, InterruptedException {
    redis.pause();
  }

  /** SIGCONT. */
  public void resumeRedis() throws IOException, InterruptedException {
    redis.resume();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    end();
  }

  private void end() {
    try {
      for (NodeProcess node : nodes) {
        node.close();
      }
      if (redis != null) {
        redis.close();
      }
      network.close();
    } catch (IOException e) {
      System.err.println("parley-loadtest: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
