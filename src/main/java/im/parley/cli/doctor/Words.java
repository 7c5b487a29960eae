package im.parley.cli.doctor;

import java.util.List;
import java.util.Locale;

/** Numbers and changes as people write them. */
final class Words {
  private static final long MB = 1_000_000;

  private Words() {}

  static String number(long value) {
    return value == Long.MAX_VALUE ? "unlimited" : String.format(Locale.ROOT, "%,d", value);
  }

  static String bytes(long value) {
    return value == Long.MAX_VALUE ? "unlimited" : number((value + MB / 2) / MB) + " MB";
  }

  /** Sets a kernel parameter now and, by the file, at every start. */
  static List<String> sysctl(String key, String value) {
    return List.of(
        "sysctl -w " + key + "=" + quoted(value),
        "echo '" + key + " = " + value + "' >> /etc/sysctl.d/90-parley.conf");
  }

  private static String quoted(String value) {
    return value.contains(" ") ? "\"" + value + "\"" : value;
  }
}
