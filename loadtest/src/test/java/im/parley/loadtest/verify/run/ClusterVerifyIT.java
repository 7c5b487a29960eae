package im.parley.loadtest.verify.run;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.loadtest.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes and a Redis suffer every fault once. In a child process that has users, network and
 * mounts of its own, so that cutting the network needs no root and leaves nothing behind.
 */
class ClusterVerifyIT {
  private static final long DEADLINE_SECONDS = 600;
  private static final String ENTER =
      "ip link set lo up && mount -t tmpfs tmpfs /run && exec \"$@\"";

  @TempDir private Path directory;

  @Test
  void a_cluster_keeps_its_promises_through_every_fault() throws Exception {
    Path printed = directory.resolve("printed");
    int code = run(printed, "kill,pause,partition,store-cut,redis-kill,redis-pause,clock,roll");
    String text = Files.readString(printed);
    assertThat(code).as(text).isZero();
    assertThat(text)
        .contains("kill of node", "pause of node", "partition of node", "store-cut of node")
        .contains("redis-kill", "redis-pause", "clock of node", "roll")
        .endsWith("VALID\n");
  }

  private int run(Path printed, String faults) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("unshare", "-Urnm", "sh", "-c", ENTER, "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "verify", "--cluster", "3"));
    command.addAll(List.of("--server-jar", "../target/parley.jar", "--server-heap", "192m"));
    command.addAll(List.of("--server-set", "drain.grace=1s"));
    // A cut that lasts longer than this splits the cluster.
    command.addAll(List.of("--server-set", "cluster.failure-timeout=3s"));
    // A busy machine is not a dead Redis.
    command.addAll(List.of("--server-set", "store.redis-timeout=3s"));
    command.addAll(List.of("--users", "30", "--rooms", "6", "--rate", "100"));
    command.addAll(List.of("--timeout", "3s", "--heartbeat", "2s", "--backoff", "1s"));
    command.addAll(List.of("--faults", faults, "--every", "5s", "--lasting", "4s", "-d", "1s"));
    command.addAll(List.of("--out", directory.toString()));
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      assertThat(child.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .as("ends within %d s: %s", DEADLINE_SECONDS, printed)
          .isTrue();
      return child.exitValue();
    } finally {
      // In order, so that it ends what it has started.
      child.destroy();
      child.waitFor();
    }
  }
}
