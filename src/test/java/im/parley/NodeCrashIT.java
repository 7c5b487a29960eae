package im.parley;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.ChildNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node killed with a thousand sends in flight: what it acknowledged is in the log, once, in order
 * and without holes.
 */
class NodeCrashIT {
  private static final int SENDERS = 20;
  private static final int IN_FLIGHT = 50; // for each sender: a thousand in all

  @TempDir Path data;

  @ParameterizedTest(name = "killed after {0} acknowledgements")
  @ValueSource(ints = {1, 3_000, 20_000})
  void nothing_acknowledged_is_lost_doubled_or_reordered(int killAfter) throws Exception {
    List<Sender> senders = new ArrayList<>();
    AtomicInteger acknowledged = new AtomicInteger();
    try (ChildNode node = ChildNode.start(data)) {
      for (int i = 0; i < SENDERS; i++) {
        senders.add(new Sender(i, node.wsPort(), acknowledged, killAfter, node));
      }
      ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
      try {
        for (Future<Void> done : threads.invokeAll(senders)) {
          done.get();
        }
      } finally {
        threads.shutdownNow();
      }
    }
    assertThat(acknowledged.get()).isGreaterThanOrEqualTo(killAfter);
    assertThat(senders.stream().mapToInt(sender -> sender.cids.size() - sender.acks.size()).sum())
        .as("sends in flight at the kill")
        .isBetween(1, SENDERS * IN_FLIGHT);
    try (ChildNode reborn = ChildNode.start(data)) {
      for (Sender sender : senders) {
        sender.check(reborn.wsPort());
      }
    }
  }

  /** One user that sends to another with a window of unanswered sends until the node is gone. */
  private static final class Sender implements Callable<Void> {
    private final String user;
    private final String peer;
    private final ChatClient client;
    private final AtomicInteger acknowledged;
    private final int killAfter;
    private final ChildNode node;
    private final List<String> cids = new ArrayList<>(); // in the order sent
    private final Map<String, JsonObject> acks = new HashMap<>(); // by cid

    Sender(int index, int port, AtomicInteger acknowledged, int killAfter, ChildNode node) {
      this.user = "sender" + index;
      this.peer = "receiver" + index;
      this.client = ChatClient.login(port, user, "");
      this.acknowledged = acknowledged;
      this.killAfter = killAfter;
      this.node = node;
    }

    @Override
    public Void call() throws Exception {
      Map<String, String> cidOfSeq = new HashMap<>();
      try (client) {
        while (true) {
          while (cids.size() - acks.size() < IN_FLIGHT) {
            String cid = user + "-" + cids.size();
            cidOfSeq.put(
                client.post("send", ChatClient.message(peer, cid, "text " + cids.size())), cid);
            cids.add(cid);
          }
          JsonObject reply = client.frameOrEnd();
          if (reply == null) {
            return null;
          }
          assertThat(reply.getJsonObject("response").getInteger("code")).isEqualTo(200);
          acks.put(
              cidOfSeq.get(reply.getString("seq")),
              reply.getJsonObject("response").getJsonObject("data"));
          if (acknowledged.incrementAndGet() == killAfter) {
            node.kill();
          }
        }
      } catch (CompletionException gone) {
        return null; // writing to a node that is gone
      }
    }

    /** What the receiver finds is what was acknowledged, and a part of what was in flight. */
    void check(int port) {
      List<JsonObject> log;
      try (ChatClient receiver = ChatClient.login(port, peer, "")) {
        log = receiver.syncAll();
      }
      // Without holes, in order, each once: the log is a prefix of what was sent.
      for (int i = 0; i < log.size(); i++) {
        assertThat(log.get(i).getLong("offset")).isEqualTo(i + 1L);
        assertThat(log.get(i).getString("cid")).isEqualTo(cids.get(i));
        assertThat(log.get(i).getString("msg")).isEqualTo("text " + i);
      }
      acks.forEach(
          (cid, ack) -> {
            JsonObject stored = log.get((int) (ack.getLong("offset") - 1));
            assertThat(stored.getString("cid")).isEqualTo(cid);
            assertThat(stored.getString("id")).isEqualTo(ack.getString("id"));
            assertThat(stored.getString("epoch")).isEqualTo(ack.getString("epoch"));
          });
      retryAll(port, log.size());
    }

    /** A client that retries all it sent changes nothing but to complete the log. */
    private void retryAll(int port, int stored) {
      try (ChatClient again = ChatClient.login(port, user, "")) {
        for (int i = Math.max(0, stored - IN_FLIGHT); i < cids.size(); i++) {
          JsonObject reply = again.send(peer, cids.get(i), "text " + i);
          assertThat(reply.getBoolean("duplicate")).isEqualTo(i < stored);
          assertThat(reply.getLong("offset")).isEqualTo(i + 1L);
        }
      }
    }
  }
}
