package im.parley.cluster;

import static im.parley.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import im.parley.testing.ChatClient;
import im.parley.testing.Http;
import im.parley.testing.TestCluster;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two whole nodes that take each other for dead, and find each other again. */
class NodeSplitIT {
  @TempDir Path data;

  @Test
  void after_a_split_all_sync_and_a_device_of_both_sides_is_one_again() throws Exception {
    Path file = data.resolve("cluster.xml");
    Files.writeString(
        file,
        Files.readString(Path.of("cluster.xml"))
            .replace("first.run.delay.seconds\">10<", "first.run.delay.seconds\">4<")
            .replace("next.run.delay.seconds\">10<", "next.run.delay.seconds\">2<"));
    Set<HazelcastInstance> others = Set.copyOf(Hazelcast.getAllHazelcastInstances());
    try (TestCluster cluster = new TestCluster(data, 2)) {
      String[] settings = {"cluster.file=" + file, "sessions.offline-grace=0s"};
      TestNode one = cluster.node(0, settings);
      TestNode two = cluster.node(1, settings);
      List<HazelcastInstance> members = new ArrayList<>(Hazelcast.getAllHazelcastInstances());
      members.removeAll(others);
      try (ChatClient amy = ChatClient.login(one.wsPort(), "amy", "a");
          ChatClient bob = ChatClient.login(two.wsPort(), "bob", "b")) {
        JsonObject users = new JsonObject().put("users", new JsonArray().add("bob"));
        assertThat(online(amy.ask("watch", users))).isTrue();

        Split.between(members.get(0), members.get(1));
        // Each side takes the other's users for gone, and what is sent does not reach them.
        amy.awaitPresence(false);
        amy.send("bob", "meanwhile", "x");
        ChatClient before = ChatClient.login(one.wsPort(), "cat", "phone");
        ChatClient after = ChatClient.login(two.wsPort(), "cat", "phone");
        try (before;
            after) {
          await(() -> merges(one) + merges(two), count -> count > 0, "the number of merges");

          assertThat(before.closeCode()).isEqualTo(4500);
          after.ask("heartbeat", new JsonObject());
          assertThat(amy.push("resync").getBoolean("all")).isTrue();
          assertThat(bob.push("resync").getBoolean("all")).isTrue();
          assertThat(bob.syncAll())
              .extracting(each -> each.getString("cid"))
              .containsExactly("meanwhile");
          await(
              () -> one.metric("parley_cluster_nodes") + two.metric("parley_cluster_nodes"),
              nodes -> nodes == 4,
              "the nodes that both see");
          await(
              () ->
                  List.of(
                      amy.response("presence", users), sessions(one, "bob"), sessions(two, "bob")),
              answers -> answers.get(0).encode().contains("\"online\":true"),
              "what amy hears of bob, and both nodes know of him,");
          amy.awaitPresence(true);
          amy.send("bob", "again", "x");
          assertThat(bob.push("msg").getString("cid")).isEqualTo("again");
        }
      }
    }
  }

  private static double merges(TestNode node) {
    return node.metric("parley_cluster_merges_total");
  }

  private static JsonObject sessions(TestNode node, String user) {
    String path = "http://127.0.0.1:%d/admin/sessions?user=%s".formatted(node.adminPort(), user);
    return new JsonObject(Http.get(URI.create(path)).body());
  }

  private static boolean online(JsonObject states) {
    return states.getJsonArray("users").getJsonObject(0).getBoolean("online");
  }
}
