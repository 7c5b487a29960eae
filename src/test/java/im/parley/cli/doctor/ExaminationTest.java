package im.parley.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ExaminationTest {
  private static final Jvm GOOD_JVM = new Jvm(25, 4L << 30, "G1 Young Generation", true, 8, "");

  @TempDir private Path root;

  @Test
  void a_fresh_machine_holds_ten_thousand_but_not_a_million() {
    FakeMachine machine = FakeMachine.fresh(root);
    assertThat(low(machine, wish(10_000)))
        .containsExactly("nofile, soft", "net.ipv4.tcp_max_syn_backlog");
    assertThat(low(machine, wish(1_000_000)))
        .containsExactly(
            "nofile, hard",
            "nofile, soft",
            "net.ipv4.tcp_max_syn_backlog",
            "net.ipv4.tcp_max_orphans",
            "net.ipv4.tcp_mem");
  }

  @Test
  void a_machine_on_which_that_was_changed_is_fine() {
    Examination examination = examine(FakeMachine.prepared(root), wish(1_000_000));
    assertThat(low(examination)).isEmpty();
    assertThat(examination.isFine()).isTrue();
    assertThat(examination.findings()).noneMatch(f -> f.verdict() == Verdict.UNKNOWN);
  }

  @Test
  void a_kernel_that_looks_through_the_memory_is_named() {
    String state = "sys/kernel/mm/damon/admin/kdamonds/0/state";
    assertThat(find(examine(FakeMachine.prepared(root).with(state, "on\n"), wish(1)), "kdamond"))
        .satisfies(
            note -> {
              assertThat(note.verdict()).isEqualTo(Verdict.NOTE);
              assertThat(note.why()).contains("takes a processor");
            });
    assertThat(examine(FakeMachine.prepared(root).with(state, "off\n"), wish(1)).findings())
        .noneMatch(finding -> finding.name().equals("kdamond"));
  }

  @Test
  void huge_pages_for_all_memory_or_none_are_told_how_to_change() {
    String mode = "sys/kernel/mm/transparent_hugepage/enabled";
    FakeMachine machine = FakeMachine.prepared(root);
    assertThat(hugePages(machine.with(mode, "[always] madvise never")))
        .contains("looks larger")
        .contains("echo madvise >");
    assertThat(hugePages(machine.with(mode, "always madvise [never]")))
        .contains("small pages")
        .contains("echo madvise >");
    assertThat(hugePages(machine.with(mode, "always [madvise] never"))).doesNotContain("echo");
  }

  private static String hugePages(FakeMachine machine) {
    return find(examine(machine, wish(1)), "transparent huge pages").why();
  }

  @Test
  void what_is_low_is_told_with_commands_that_change_it() {
    FakeMachine machine = FakeMachine.fresh(root).sysctl("fs.nr_open", "65536");
    assertThat(find(examine(machine, wish(100_000)), "fs.nr_open").change())
        .containsExactly(
            "sysctl -w fs.nr_open=101000",
            "echo 'fs.nr_open = 101000' >> /etc/sysctl.d/90-parley.conf");
    assertThat(find(examine(machine, wish(1_000_000)), "nofile, hard").change())
        .anyMatch(line -> line.contains("LimitNOFILE=1001000"))
        .anyMatch(line -> line.contains("/etc/security/limits.d/"));
    assertThat(find(examine(machine, wish(1_000_000)), "net.ipv4.tcp_mem").change())
        .contains("sysctl -w net.ipv4.tcp_mem=\"562500 1125000 1687500\"");
  }

  @Test
  void open_files_of_all_processes_count_those_that_are_open() {
    FakeMachine machine =
        FakeMachine.fresh(root)
            .sysctl("fs.file-max", "12000")
            .sysctl("fs.file-nr", "1216\t0\t12000");
    assertThat(low(machine, wish(9_000))).doesNotContain("fs.file-max");
    assertThat(low(machine, wish(10_000))).contains("fs.file-max");
  }

  @Test
  void a_control_group_bounds_memory_and_processors_wherever_above_it_is_set() {
    FakeMachine machine =
        FakeMachine.prepared(root)
            .with("sys/fs/cgroup/user.slice/memory.max", "1073741824")
            .with("sys/fs/cgroup/user.slice/session-1.scope/cpu.max", "50000 100000");
    Examination examination = examine(machine, wish(1_000_000));
    assertThat(low(examination)).containsExactly("cgroup memory limit", "processors");
    assertThat(find(examination, "processors").value())
        .isEqualTo("0.5 by the cgroup's quota, of 8");
  }

  @Test
  void the_older_control_groups_are_read_too() {
    FakeMachine machine =
        FakeMachine.prepared(root)
            .with("proc/self/cgroup", "4:memory:/docker/ab\n3:cpu,cpuacct:/docker/ab")
            .with("sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes", "536870912")
            .with("sys/fs/cgroup/cpu/docker/ab/cpu.cfs_quota_us", "-1")
            .with("sys/fs/cgroup/cpu/docker/ab/cpu.cfs_period_us", "100000");
    assertThat(low(machine, wish(1_000_000))).containsExactly("cgroup memory limit");
  }

  @Test
  void a_firewalls_table_counts_only_when_there_is_one() {
    FakeMachine machine = FakeMachine.prepared(root);
    assertThat(find(examine(machine, wish(1_000_000)), "nf_conntrack").verdict())
        .isEqualTo(Verdict.NOTE);
    machine.sysctl("net.netfilter.nf_conntrack_max", "262144");
    assertThat(low(machine, wish(1_000_000))).containsExactly("net.netfilter.nf_conntrack_max");
    assertThat(low(machine, wish(200_000))).isEmpty();
  }

  @Test
  void the_ports_of_a_few_proxies_bound_the_node() {
    FakeMachine machine = FakeMachine.prepared(root);
    Wish behindOne = new Wish(100_000, 1, 1, 4096, 30);
    Finding ports = find(examine(machine, behindOne), "net.ipv4.ip_local_port_range");
    assertThat(ports.verdict()).isEqualTo(Verdict.LOW);
    assertThat(ports.value()).endsWith("28,232");
    assertThat(ports.change()).singleElement().asString().contains("--ws-port with 2 of them");
    Wish behindFour = new Wish(100_000, 1, 4, 4096, 30);
    assertThat(low(examine(machine, behindFour))).isEmpty();
  }

  @Test
  void swap_and_the_setting_that_later_kernels_lost_are_told() {
    FakeMachine machine =
        FakeMachine.prepared(root)
            .with("proc/meminfo", FakeMachine.meminfo(16_000_000, 15_000_000, 2_000_000))
            .sysctl("net.ipv4.tcp_tw_recycle", "1");
    assertThat(low(machine, wish(10))).containsExactly("net.ipv4.tcp_tw_recycle", "swap");
    machine.sysctl("vm.swappiness", "1");
    assertThat(low(machine, wish(10))).containsExactly("net.ipv4.tcp_tw_recycle");
  }

  @Test
  void the_jvm_must_have_the_heap_and_the_native_transport() {
    Jvm small = new Jvm(25, 1L << 30, "Copy", false, 8, "no such library");
    Examination examination =
        Examination.of(FakeMachine.prepared(root).files(), small, wish(1_000_000));
    assertThat(low(examination)).containsExactly("heap", "native epoll", "JDK");
    assertThat(find(examination, "heap").change()).contains("PARLEY_HEAP=2672m ./parley serve");
  }

  @Test
  void where_linux_is_not_nothing_is_known_and_nothing_is_low() {
    Examination examination = examine(new SystemFiles(root), wish(1_000_000));
    assertThat(low(examination)).isEmpty();
    assertThat(find(examination, "nofile, hard").verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void it_is_printed_for_people_and_for_programs() {
    Examination examination = examine(FakeMachine.fresh(root), wish(10_000));
    StringWriter text = new StringWriter();
    examination.print(new PrintWriter(text, true));
    assertThat(text.toString())
        .contains("  LOW     nofile, soft: 1,024 (at least 11,000)\n")
        .contains("          → ulimit -n 11000\n")
        .contains("  OK      fs.nr_open: 1,048,576 (at least 11,000)\n")
        .contains("2 to change");
    JsonObject json = examination.json();
    assertThat(json.getBoolean("fine")).isFalse();
    assertThat(json.getJsonArray("findings")).hasSameSizeAs(examination.findings());
    assertThat(json.getJsonArray("findings").getJsonObject(1).getString("verdict"))
        .isEqualTo("low");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void this_machines_own_files_are_understood() {
    Examination examination = examine(new SystemFiles(Path.of("/")), wish(1));
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    assertThat(find(examination, "nofile, soft").value())
        .isEqualTo(Words.number(system.getMaxFileDescriptorCount()));
    assertThat(examination.findings())
        .filteredOn(
            f ->
                List.of("nofile, hard", "fs.nr_open", "fs.file-max", "memory available")
                    .contains(f.name()))
        .hasSize(4)
        .noneMatch(f -> f.verdict() == Verdict.UNKNOWN);
    assertThat(Jvm.current().epoll()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void kernel_parameters_are_read_whole() throws IOException {
    SystemFiles files = new SystemFiles(Path.of("/"));
    for (String key : List.of("fs.nr_open", "net.core.somaxconn", "net.ipv4.tcp_rmem")) {
      Process cat = new ProcessBuilder("cat", "/proc/sys/" + key.replace('.', '/')).start();
      String told = new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(files.sysctlText(key)).contains(told.strip().replaceAll("\\s+", " "));
    }
  }

  private static Wish wish(long connections) {
    return new Wish(connections, 1, 0, 4096, 30);
  }

  private static Examination examine(FakeMachine machine, Wish wish) {
    return examine(machine.files(), wish);
  }

  private static Examination examine(SystemFiles files, Wish wish) {
    return Examination.of(files, GOOD_JVM, wish);
  }

  private static List<String> low(FakeMachine machine, Wish wish) {
    return low(examine(machine, wish));
  }

  private static List<String> low(Examination examination) {
    return examination.findings().stream()
        .filter(finding -> finding.verdict() == Verdict.LOW)
        .map(Finding::name)
        .toList();
  }

  private static Finding find(Examination examination, String name) {
    return examination.findings().stream()
        .filter(finding -> finding.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
