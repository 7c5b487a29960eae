package im.parley.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Processors, and the share of them that the control group grants. */
final class ProcessorLimits {
  /** Of one processor, for a heartbeat with its reply: measured, with room for the rest. */
  private static final double HEARTBEAT_SECONDS = 25e-6;

  /** Of the processors, beyond which what comes suddenly waits. */
  private static final double CALM_SHARE = 0.5;

  private static final String DAMON = "sys/kernel/mm/damon/admin/kdamonds/0/state";

  private ProcessorLimits() {}

  static List<Finding> of(SystemFiles files, Wish wish, int processors) {
    double granted = Math.min(processors, new ControlGroup(files).processors());
    double heartbeats = wish.connections() / (double) Math.max(1, wish.heartbeatSeconds());
    double needed = Math.max(1, heartbeats * HEARTBEAT_SECONDS / CALM_SHARE);
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.judged(
            "processors",
            shown(granted)
                + (granted < processors ? " by the cgroup's quota, of " + processors : ""),
            "at least " + shown(needed),
            granted >= needed ? Verdict.OK : Verdict.LOW,
            String.format(
                Locale.ROOT,
                "%,.0f heartbeats a second, %.0f µs each, should take half of them; messages come on top",
                heartbeats,
                HEARTBEAT_SECONDS * 1e6),
            List.of(
                "a longer heartbeat: --set gateway.heartbeat=120s --set gateway.expiry=300s",
                "more of them: docker run --cpus, Kubernetes resources.limits.cpu, systemd CPUQuota=")));
    files
        .find(DAMON, "^on$")
        .ifPresent(
            on ->
                findings.add(
                    Finding.note(
                        "kdamond",
                        "on",
                        "the kernel looks through all memory for what nobody uses and takes a processor for it, some 10 ms each time, for which messages may wait. Who set it up can make it look less often: /sys/kernel/mm/damon/admin/kdamonds/0/contexts/0/monitoring_attrs/intervals/sample_us")));
    return findings;
  }

  private static String shown(double processors) {
    return processors == Math.rint(processors)
        ? String.format(Locale.ROOT, "%.0f", processors)
        : String.format(Locale.ROOT, "%.1f", processors);
  }
}
