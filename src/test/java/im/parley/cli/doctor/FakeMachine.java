package im.parley.cli.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a machine below a directory, in the kernel's own formats. */
final class FakeMachine {
  private final Path root;

  private FakeMachine(Path root) {
    this.root = root;
  }

  /** As Debian 12 comes, with 16 GB. */
  static FakeMachine fresh(Path root) {
    return new FakeMachine(root)
        .with("proc/self/limits", limits("1024", "524288"))
        .with("proc/meminfo", meminfo(16_000_000, 15_000_000, 0))
        .with("proc/self/cgroup", "0::/user.slice/session-1.scope")
        .with("sys/fs/cgroup/user.slice/memory.max", "max")
        .with("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never")
        .sysctl("fs.nr_open", "1048576")
        .sysctl("fs.file-max", "9223372036854775807")
        .sysctl("fs.file-nr", "1216\t0\t9223372036854775807")
        .sysctl("net.core.somaxconn", "4096")
        .sysctl("net.ipv4.tcp_max_syn_backlog", "1024")
        .sysctl("net.ipv4.ip_local_port_range", "32768\t60999")
        .sysctl("net.ipv4.tcp_max_orphans", "65536")
        .sysctl("net.ipv4.tcp_fin_timeout", "60")
        .sysctl("net.ipv4.tcp_tw_reuse", "2")
        .sysctl("net.ipv4.tcp_mem", "187845\t250463\t375690")
        .sysctl("net.ipv4.tcp_rmem", "4096\t131072\t6291456")
        .sysctl("net.ipv4.tcp_wmem", "4096\t16384\t4194304")
        .sysctl("vm.swappiness", "60");
  }

  /** The same, after what is told has been done. */
  static FakeMachine prepared(Path root) {
    return fresh(root)
        .with("proc/self/limits", limits("1048576", "2000000"))
        .sysctl("fs.nr_open", "2000000")
        .sysctl("net.ipv4.tcp_max_syn_backlog", "4096")
        .sysctl("net.ipv4.tcp_max_orphans", "262144")
        .sysctl("net.ipv4.tcp_mem", "562500\t1125000\t1687500");
  }

  FakeMachine sysctl(String key, String value) {
    return with("proc/sys/" + key.replace('.', '/'), value);
  }

  FakeMachine with(String file, String text) {
    try {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text + "\n");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SystemFiles files() {
    return new SystemFiles(root);
  }

  static String limits(String soft, String hard) {
    return """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max processes             63456                63456                processes
        Max open files            %-20s %-20s files
        Max locked memory         8388608              8388608              bytes"""
        .formatted(soft, hard);
  }

  static String meminfo(long totalKb, long availableKb, long swapKb) {
    return """
        MemTotal:       %d kB
        MemFree:         4000000 kB
        MemAvailable:   %d kB
        SwapCached:            0 kB
        SwapTotal:      %d kB
        SwapFree:       %d kB"""
        .formatted(totalKb, availableKb, swapKb, swapKb);
  }
}
