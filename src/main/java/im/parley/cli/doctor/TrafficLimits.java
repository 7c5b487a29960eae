package im.parley.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** The kernel's memory for what is on its way, and its table of watched connections. */
final class TrafficLimits {
  private static final long PAGE_BYTES = 4096;

  /** A small packet with its bookkeeping, as the kernel counts it. */
  private static final long PACKET_BYTES = 2304;

  private static final long LEAST_BUFFER_BYTES = 65_536;
  private static final String TCP_MEM = "net.ipv4.tcp_mem";

  private TrafficLimits() {}

  static List<Finding> of(SystemFiles files, Wish wish) {
    List<Finding> findings = new ArrayList<>();
    long pages = Math.max(16_384, wish.connections() * PACKET_BYTES / PAGE_BYTES);
    String wanted = pages + " " + pages * 2 + " " + pages * 3;
    findings.add(
        Finding.judged(
            TCP_MEM,
            files.sysctlText(TCP_MEM).orElse("unknown"),
            "the second at least " + Words.number(pages) + " pages of 4 KB",
            verdict(files.sysctl(TCP_MEM, 1), pages),
            "unread bytes of all sockets. A broadcast leaves a packet of 2.3 KB at each; beyond the second number windows shrink, beyond the third packets are dropped and dmesg says: out of memory -- consider tuning tcp_mem",
            Words.sysctl(TCP_MEM, wanted)));
    findings.add(buffer(files, "net.ipv4.tcp_rmem", "4096 131072 6291456", "receive"));
    findings.add(buffer(files, "net.ipv4.tcp_wmem", "4096 16384 4194304", "send"));
    conntrack(files, wish, findings);
    return findings;
  }

  private static Finding buffer(SystemFiles files, String key, String usual, String what) {
    return Finding.judged(
        key,
        files.sysctlText(key).orElse("unknown"),
        "the third at least " + Words.number(LEAST_BUFFER_BYTES),
        verdict(files.sysctl(key, 2), LEAST_BUFFER_BYTES),
        "least, first and greatest "
            + what
            + " buffer of a socket. An idle socket has none of it, so large values cost nothing; a small greatest slows catch-ups over long distances",
        Words.sysctl(key, usual));
  }

  private static void conntrack(SystemFiles files, Wish wish, List<Finding> findings) {
    String key = "net.netfilter.nf_conntrack_max";
    if (files.sysctl(key) == null) {
      findings.add(
          Finding.note("nf_conntrack", "not loaded", "the firewall keeps no table of connections"));
      return;
    }
    long needed = wish.connections() + wish.connections() / 5;
    List<String> change = new ArrayList<>(Words.sysctl(key, String.valueOf(needed)));
    change.add("echo " + needed / 4 + " > /sys/module/nf_conntrack/parameters/hashsize");
    change.add(
        "or let the firewall not watch the port: nft add rule inet raw prerouting tcp dport 8089 notrack");
    findings.add(
        Finding.atLeast(
            key,
            files.sysctl(key),
            needed,
            "the firewall's table has an entry of about 320 bytes for each connection; when it is full, new ones are dropped, and dmesg says: nf_conntrack: table full, dropping packet",
            change));
  }

  private static Verdict verdict(Long value, long needed) {
    return value == null ? Verdict.UNKNOWN : value >= needed ? Verdict.OK : Verdict.LOW;
  }
}
