package im.parley.loadtest.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttachmentTest {
  @Test
  void a_jvm_that_listens_from_its_start_tells_its_heap() throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+StartAttachListener",
            "-cp",
            System.getProperty("java.class.path"),
            "im.parley.loadtest.cli.Main",
            "floor",
            "--port",
            "0");
    Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader lines = server.inputReader()) {
      // It runs as soon as it says anything.
      assertThat(lines.readLine()).isNotNull();
      Attachment attachment = new Attachment(server.pid());
      assertThat(attachment.isThere()).isTrue();
      String info = attachment.ask("GC.heap_info");
      assertThat(info).startsWith("0\n");
      assertThat(ServerProbe.heapUsed(info)).isPositive();
      assertThat(new ServerProbe(server.pid(), null).settle(0).heapBytes()).isPositive();
    } finally {
      server.destroy();
    }
  }

  @Test
  void there_is_none_without_a_process() {
    assertThat(new Attachment(Long.MAX_VALUE).isThere()).isFalse();
  }
}
