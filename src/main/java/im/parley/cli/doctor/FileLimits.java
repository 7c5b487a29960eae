package im.parley.cli.doctor;

import java.util.List;

/** A connection is an open file: three limits, each of which bounds the one before. */
final class FileLimits {
  private FileLimits() {}

  static List<Finding> of(SystemFiles files, Wish wish) {
    long needed = wish.files();
    Long used = files.sysctl("fs.file-nr", 0);
    return List.of(
        Finding.atLeast(
            "nofile, hard",
            files.limit("Max open files", 1),
            needed,
            "a connection is a file descriptor; at the limit accepts fail with EMFILE. The JVM raises the soft limit to the hard one itself",
            List.of(
                "systemd: LimitNOFILE="
                    + needed
                    + " in the [Service] section, then systemctl daemon-reload",
                "logins: echo '* - nofile "
                    + needed
                    + "' >> /etc/security/limits.d/90-parley.conf, then log in anew (root needs a line of its own)",
                "containers: docker run --ulimit nofile=" + needed)),
        Finding.atLeast(
            "nofile, soft",
            files.limit("Max open files", 0),
            needed,
            "as above, for programs that do not raise it themselves",
            List.of("ulimit -n " + needed)),
        Finding.atLeast(
            "fs.nr_open",
            files.sysctl("fs.nr_open"),
            needed,
            "no nofile may be above it; a higher one in limits.conf makes logins fail",
            Words.sysctl("fs.nr_open", String.valueOf(needed))),
        Finding.atLeast(
            "fs.file-max",
            files.sysctl("fs.file-max"),
            needed + (used == null ? 0 : used),
            "open files of all processes together, with those that are open now; beyond it accepts fail with ENFILE",
            Words.sysctl("fs.file-max", String.valueOf((needed + (used == null ? 0 : used)) * 2))));
  }
}
