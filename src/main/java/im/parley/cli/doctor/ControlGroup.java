package im.parley.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/**
 * What the control group of this process grants, which a container sees nowhere else: version 2, or
 * version 1 of older systems. The least of the group and those that it is in counts.
 */
final class ControlGroup {
  private static final String MOUNT = "sys/fs/cgroup";

  private final SystemFiles files;

  ControlGroup(SystemFiles files) {
    this.files = files;
  }

  /** Bytes; {@link Long#MAX_VALUE} without a limit. */
  long memoryBytes() {
    long least = Long.MAX_VALUE;
    for (String group : groups("0::")) {
      least = Math.min(least, or(files.number(group + "/memory.max")));
    }
    for (String group : groups("\\d+:memory:")) {
      String file = group.replaceFirst(MOUNT, MOUNT + "/memory") + "/memory.limit_in_bytes";
      least = Math.min(least, or(files.number(file)));
    }
    // Version 1 writes no limit as the highest page of the address space.
    return least > 1L << 60 ? Long.MAX_VALUE : least;
  }

  /** Processors' worth of time; infinite without a limit. */
  double processors() {
    double least = Double.POSITIVE_INFINITY;
    for (String group : groups("0::")) {
      least = Math.min(least, share(group + "/cpu.max", 0, group + "/cpu.max", 1));
    }
    for (String group : groups("\\d+:(?:cpu|cpu,cpuacct):")) {
      String cpu = group.replaceFirst(MOUNT, MOUNT + "/cpu");
      least = Math.min(least, share(cpu + "/cpu.cfs_quota_us", 0, cpu + "/cpu.cfs_period_us", 0));
    }
    return least;
  }

  private double share(String quotaFile, int quotaAt, String periodFile, int periodAt) {
    Long quota = files.number(quotaFile, quotaAt);
    Long period = files.number(periodFile, periodAt);
    boolean limited = quota != null && period != null && quota > 0 && quota < Long.MAX_VALUE;
    return limited ? quota / (double) period : Double.POSITIVE_INFINITY;
  }

  /** This process's group and those above it, as paths. A container may see only the root. */
  private List<String> groups(String line) {
    List<String> groups = new ArrayList<>();
    String path =
        files
            .find("proc/self/cgroup", "(?m)^" + line + "(/.*)$")
            .map(ControlGroup::path)
            .orElse("");
    for (; !path.isEmpty(); path = path.substring(0, path.lastIndexOf('/'))) {
      groups.add(MOUNT + path);
    }
    groups.add(MOUNT);
    return groups;
  }

  private static String path(Matcher line) {
    return line.group(1).equals("/") ? "" : line.group(1);
  }

  private static long or(Long bytes) {
    return bytes == null ? Long.MAX_VALUE : bytes;
  }
}
