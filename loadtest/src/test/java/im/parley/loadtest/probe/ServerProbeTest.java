package im.parley.loadtest.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProbeTest {
  @Test
  void the_used_heap_is_read_for_every_collector() {
    String g1 =
        "123:\n garbage-first heap   total reserved 524288K, committed 32768K, used 2048K [0x1, 0x2)\n  region size 1024K\n Metaspace       used 9999K, committed 1K";
    String parallel =
        " PSYoungGen      total 75776K, used 1000K [0x1)\n  eden space 65024K, 2% used [0x1)\n ParOldGen       total 1K, used 24K [0x1)\n  object space 1K, 0% used\n Metaspace       used 9999K";
    String z = " ZHeap           used 3M, capacity 32M, max capacity 512M\n Metaspace used 9999K";
    assertThat(ServerProbe.heapUsed(g1)).isEqualTo(2048 * 1024.0);
    assertThat(ServerProbe.heapUsed(parallel)).isEqualTo(1024 * 1024.0);
    assertThat(ServerProbe.heapUsed(z)).isEqualTo(3 * 1024 * 1024.0);
    assertThat(ServerProbe.heapUsed("no such process")).isNaN();
  }

  @Test
  void a_meter_is_summed_over_its_tags() {
    String metrics =
        "# TYPE jvm_memory_used_bytes gauge\njvm_memory_used_bytes{area=\"heap\",id=\"eden\"} 100.0\njvm_memory_used_bytes{area=\"heap\",id=\"old\"} 1.5E2\njvm_memory_used_bytes{area=\"nonheap\",id=\"meta\"} 7.0\n";
    assertThat(ServerProbe.sum(metrics, "jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*}"))
        .isEqualTo(250);
    assertThat(ServerProbe.sum(metrics, "jvm_gc_pause_seconds_sum")).isNaN();
  }

  @Test
  void it_sees_this_process() {
    ServerProbe probe = new ServerProbe(ProcessHandle.current().pid(), null);
    assertThat(probe.rssBytes()).isGreaterThan(1e6);
    assertThat(probe.isPresent()).isTrue();
  }

  @Test
  void bytes_per_connection_are_the_growth_since_before() {
    Settled before = new Settled(0, 1000, 100);
    Settled after = new Settled(10, 3000, 600);
    assertThat(after.rssPerConnection(before)).isCloseTo(200, within(1e-9));
    assertThat(after.heapPerConnection(before)).isCloseTo(50, within(1e-9));
  }

  @Test
  void pauses_that_a_probe_forced_do_not_count(@TempDir Path directory) throws IOException {
    Path log =
        Files.writeString(
            directory.resolve("gc.log"),
            """
            [0.022s][info][gc] Using Parallel
            [7.500s][info][gc] GC(0) Pause Full (Diagnostic Command) 93M->5M(736M) 25.898ms
            [9.000s][info][gc] GC(1) Pause Young (Allocation Failure) 202M->13M(736M) 3.353ms
            [9.100s][info][gc] GC(2) Pause Full (Ergonomics) 202M->13M(736M) 40.1ms
            """);
    assertThat(GcLog.pauses(log)).containsExactly(3.353, 40.1);
  }

  @Test
  void the_pauses_of_zgc_are_among_its_phases(@TempDir Path directory) throws IOException {
    Path log = directory.resolve("gc.log");
    Files.writeString(
        log,
        "[2.1s][info][gc,phases] GC(0) Y: Pause Mark Start (Major) 0.012ms\n"
            + "[2.2s][info][gc,phases] GC(0) Y: Concurrent Mark 12.340ms\n"
            + "[2.3s][info][gc,phases] GC(0) O: Pause Relocate Start 0.008ms\n");
    assertThat(GcLog.pauses(log)).containsExactly(0.012, 0.008);
  }
}
