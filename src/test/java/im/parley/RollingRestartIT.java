package im.parley;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.FaithfulClient.Entry;
import im.parley.store.redis.RedisServer;
import im.parley.testing.ChatClient;
import im.parley.testing.ChildNode;
import im.parley.testing.Http;
import im.parley.testing.Ports;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three processes, each restarted in turn, while everybody writes to everybody. */
class RollingRestartIT {
  private static final int NODES = 3;
  private static final int USERS = 6;
  private static final int BETWEEN_RESTARTS = 15;

  @RegisterExtension static final RedisServer REDIS = RedisServer.durable();

  @TempDir Path directory;
  private final List<Integer> clusterPorts = Ports.free(NODES);
  private final List<ChildNode> nodes = new CopyOnWriteArrayList<>();
  private final List<FaithfulClient> clients = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(ChildNode::close);
  }

  @Test
  void a_restart_of_every_node_in_turn_loses_doubles_and_reorders_nothing() throws Exception {
    for (int i = 0; i < NODES; i++) {
      nodes.add(node(i));
    }
    awaitWholeCluster();
    List<String> users = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      users.add("user" + i);
    }
    try (ChatClient founder = ChatClient.login(nodes.get(0).wsPort(), users.get(0), "founder")) {
      founder.ask(
          "room.create", new JsonObject().put("room", "all").put("members", new JsonArray(users)));
    }
    for (int i = 0; i < USERS; i++) {
      JsonObject neighbour = new JsonObject().put("user", users.get((i + 1) % USERS));
      JsonObject room = new JsonObject().put("room", "all");
      clients.add(new FaithfulClient(users.get(i), List.of(room, neighbour), this::someNode));
    }
    clients.forEach(Thread::start);
    awaitProgress();

    for (int i = 0; i < NODES; i++) {
      assertThat(nodes.get(i).terminate()).as("exit code of node %d", i).isZero();
      awaitProgress();
      nodes.set(i, node(i));
      awaitWholeCluster();
      awaitProgress();
    }

    for (FaithfulClient client : clients) {
      client.silence();
    }
    for (FaithfulClient client : clients) {
      client.finish();
      check(client, everything(client.getName()));
    }
    assertThat(clients.stream().mapToInt(FaithfulClient::pushed).sum()).isPositive();
    assertThat(clients.stream().mapToInt(FaithfulClient::followed).sum())
        .as("clients that went where a node sent them")
        .isPositive();
  }

  private static void check(FaithfulClient client, Map<String, List<Entry>> logs) {
    Map<String, List<Entry>> taken =
        client.log().stream().collect(Collectors.groupingBy(Entry::conversation));
    logs.forEach(
        (conversation, log) -> {
          for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).offset()).as("without holes").isEqualTo(i + 1L);
          }
          assertThat(log)
              .extracting(Entry::cid)
              .as("one entry for each cid")
              .doesNotHaveDuplicates();
          log.stream()
              .collect(Collectors.groupingBy(Entry::from))
              .forEach(
                  (from, entries) ->
                      assertThat(entries)
                          .extracting(entry -> Integer.parseInt(entry.cid().split("-")[1]))
                          .as("in the order of %s", from)
                          .isSorted());
          assertThat(taken.get(conversation))
              .as("%s has the whole log, in order", client.getName())
              .isEqualTo(log);
        });
    assertThat(logs.keySet()).isEqualTo(taken.keySet());
    client
        .acknowledged()
        .forEach(
            (cid, entry) ->
                assertThat(logs.get(entry.conversation()).get((int) entry.offset() - 1))
                    .as("acknowledged, so in the log")
                    .isEqualTo(entry));
  }

  /** All logs of a user, read anew. */
  private Map<String, List<Entry>> everything(String user) {
    try (ChatClient reader = ChatClient.login(nodes.get(0).wsPort(), user, "reader")) {
      return reader.syncAll().stream()
          .map(
              m ->
                  new Entry(
                      m.getString("conversation"),
                      m.getLong("offset"),
                      m.getString("cid"),
                      m.getString("from")))
          .collect(Collectors.groupingBy(Entry::conversation));
    }
  }

  private ChildNode node(int i) throws Exception {
    String members =
        clusterPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    return ChildNode.start(
        directory.resolve("node" + i),
        "store=" + REDIS.url(),
        "store.redis-timeout=20s",
        "drain.grace=1s",
        "cluster=true",
        "cluster-name=rolling",
        "cluster-port=" + clusterPorts.get(i),
        "cluster-members=" + members);
  }

  private URI someNode() {
    ChildNode node = nodes.get(ThreadLocalRandom.current().nextInt(NODES));
    return URI.create("ws://127.0.0.1:" + node.wsPort() + "/acc");
  }

  /** Every client gets some more messages through. */
  private void awaitProgress() throws Exception {
    for (FaithfulClient client : clients) {
      int goal = client.confirmed() + BETWEEN_RESTARTS;
      TestNode.await(client::confirmed, count -> count >= goal, "messages of " + client.getName());
    }
  }

  /** Every node knows all three, and none of them goes. */
  private void awaitWholeCluster() throws Exception {
    for (ChildNode node : nodes) {
      URI uri = URI.create("http://127.0.0.1:" + node.httpPort() + "/gateways");
      TestNode.await(
          () ->
              new JsonObject(Http.get(uri).body())
                  .getJsonObject("data").getJsonArray("gateways").stream()
                      .filter(each -> !((JsonObject) each).getBoolean("draining"))
                      .count(),
          count -> count == NODES,
          "the number of nodes");
    }
  }
}
