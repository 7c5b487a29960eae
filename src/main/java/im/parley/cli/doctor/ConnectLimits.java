package im.parley.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** What a connection passes while it is made and after it has ended. */
final class ConnectLimits {
  private static final long LEAST_ORPHANS = 16_384;

  private ConnectLimits() {}

  static List<Finding> of(SystemFiles files, Wish wish) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.atLeast(
            "net.core.somaxconn",
            files.sysctl("net.core.somaxconn"),
            wish.backlog(),
            "the node asks for a queue of "
                + Words.number(wish.backlog())
                + " connections that wait to be accepted; the kernel cuts that to this, and drops what does not fit: connects then take 1, 3, 7 s",
            Words.sysctl("net.core.somaxconn", String.valueOf(wish.backlog()))));
    findings.add(
        Finding.atLeast(
            "net.ipv4.tcp_max_syn_backlog",
            files.sysctl("net.ipv4.tcp_max_syn_backlog"),
            wish.backlog(),
            "half-open connections of one listener, of a storm of reconnects",
            Words.sysctl("net.ipv4.tcp_max_syn_backlog", String.valueOf(wish.backlog()))));
    findings.add(ports(files, wish));
    findings.add(
        Finding.atLeast(
            "net.ipv4.tcp_max_orphans",
            files.sysctl("net.ipv4.tcp_max_orphans"),
            Math.max(LEAST_ORPHANS, wish.connections() / 4),
            "closed sockets whose last bytes are on the way, when many are closed at once; beyond it they are reset, and dmesg says: too many orphaned sockets",
            Words.sysctl(
                "net.ipv4.tcp_max_orphans",
                String.valueOf(Math.max(LEAST_ORPHANS, wish.connections() / 4)))));
    files
        .sysctlText("net.ipv4.tcp_fin_timeout")
        .ifPresent(
            seconds ->
                findings.add(
                    Finding.note(
                        "net.ipv4.tcp_fin_timeout",
                        seconds + " s",
                        "how long a socket waits for the peer's FIN after ours; 60 is well. It does not shorten TIME_WAIT")));
    files
        .sysctlText("net.ipv4.tcp_tw_reuse")
        .ifPresent(
            mode ->
                findings.add(
                    Finding.note(
                        "net.ipv4.tcp_tw_reuse",
                        mode,
                        "for clients and proxies on this machine: 1 lets them take ports in TIME_WAIT anew. A server has no use for it")));
    recycle(files, findings);
    return findings;
  }

  /** Of those who connect: with few addresses in front, their ports bound the node. */
  private static Finding ports(SystemFiles files, Wish wish) {
    String key = "net.ipv4.ip_local_port_range";
    Long first = files.sysctl(key, 0);
    Long last = files.sysctl(key, 1);
    String shown = files.sysctlText(key).orElse("unknown");
    String why =
        "ports for outgoing connections: so many from one address to one of the node's ports. It counts where clients or proxies run, not here, unless they run here";
    if (first == null || last == null) {
      return new Finding(key, shown, "", Verdict.UNKNOWN, why, List.of());
    }
    long ports = last - first + 1;
    long pairs = (wish.connections() + ports - 1) / ports;
    if (wish.clientAddresses() == 0) {
      return Finding.note(
          key,
          shown,
          why
              + ". "
              + Words.number(wish.connections())
              + " connections take "
              + pairs
              + " pairs of address and port");
    }
    long have = (long) wish.clientAddresses() * wish.wsPorts();
    long wide = 65_535 - 1_024 + 1;
    String remedy =
        wish.connections() <= have * wide
            ? "on the proxy: sysctl -w " + key + "=\"1024 65535\""
            : "more ports: --ws-port with "
                + (wish.connections() + wish.clientAddresses() * wide - 1)
                    / (wish.clientAddresses() * wide)
                + " of them, each an upstream server of the proxy; or more addresses of the proxy";
    return Finding.judged(
        key,
        shown
            + " at each of "
            + wish.clientAddresses()
            + " addresses, to "
            + wish.wsPorts()
            + " ports: "
            + Words.number(have * ports),
        "at least " + Words.number(wish.connections()),
        have * ports >= wish.connections() ? Verdict.OK : Verdict.LOW,
        why,
        List.of(remedy));
  }

  private static void recycle(SystemFiles files, List<Finding> findings) {
    Long recycle = files.sysctl("net.ipv4.tcp_tw_recycle");
    if (recycle != null) {
      findings.add(
          Finding.judged(
              "net.ipv4.tcp_tw_recycle",
              String.valueOf(recycle),
              "0",
              recycle == 0 ? Verdict.OK : Verdict.LOW,
              "drops connects of clients behind NAT, whose clocks differ; Linux 4.12 took it away",
              Words.sysctl("net.ipv4.tcp_tw_recycle", "0")));
    }
  }
}
