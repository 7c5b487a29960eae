package im.parley.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** Memory of the machine, of the control group, and what may slow it down. */
final class MemoryLimits {
  private static final long CALM_SWAPPINESS = 10;

  private MemoryLimits() {}

  static List<Finding> of(SystemFiles files, Wish wish) {
    List<Finding> findings = new ArrayList<>();
    long needed = wish.memoryBytes();
    String sum =
        "heap "
            + Words.bytes(wish.heapBytes())
            + ", the JVM's own "
            + Words.bytes(Wish.NATIVE_BYTES)
            + ", the kernel's sockets "
            + Words.bytes(wish.connections() * Wish.KERNEL_BYTES);
    findings.add(
        bytes(
            "memory available",
            files.meminfo("MemAvailable"),
            needed,
            sum + "; without it the kernel's OOM killer ends the node",
            "a machine with more memory, or fewer connections on each of more nodes"));
    long group = new ControlGroup(files).memoryBytes();
    findings.add(
        bytes(
            "cgroup memory limit",
            group,
            needed,
            sum + "; the kernel's sockets count into the group too",
            "systemd: MemoryMax=%1$dM · docker run --memory %1$dm · Kubernetes: resources.limits.memory: %1$dM"
                .formatted(needed / 1_000_000 + 1)));
    findings.add(swap(files));
    files
        .find("sys/kernel/mm/transparent_hugepage/enabled", "\\[(\\w+)]")
        .ifPresent(
            mode ->
                findings.add(
                    Finding.note(
                        "transparent huge pages", mode.group(1), hugePages(mode.group(1)))));
    return findings;
  }

  private static String hugePages(String mode) {
    String madvise = "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled";
    return switch (mode) {
      case "always" ->
          "rounds memory up to 2 MB: the node's resident memory looks larger than what it uses. madvise avoids that: "
              + madvise;
      case "never" -> "the heap is in small pages, which cost time: " + madvise;
      default -> "./parley asks for them for the heap";
    };
  }

  private static Finding bytes(String name, Long value, long needed, String why, String change) {
    Verdict verdict = value == null ? Verdict.UNKNOWN : value >= needed ? Verdict.OK : Verdict.LOW;
    return Finding.judged(
        name,
        value == null ? "unknown" : Words.bytes(value),
        "at least " + Words.bytes(needed),
        verdict,
        why,
        List.of(change));
  }

  private static Finding swap(SystemFiles files) {
    Long total = files.meminfo("SwapTotal");
    Long swappiness = files.sysctl("vm.swappiness");
    String why =
        "a collection touches the whole heap: one that was swapped out stops the node for seconds";
    if (total == null || swappiness == null) {
      return new Finding("swap", "unknown", "", Verdict.UNKNOWN, why, List.of());
    }
    return Finding.judged(
        "swap",
        total == 0 ? "none" : Words.bytes(total) + ", vm.swappiness " + swappiness,
        "none, or vm.swappiness at most " + CALM_SWAPPINESS,
        total == 0 || swappiness <= CALM_SWAPPINESS ? Verdict.OK : Verdict.LOW,
        why,
        Words.sysctl("vm.swappiness", "1"));
  }
}
