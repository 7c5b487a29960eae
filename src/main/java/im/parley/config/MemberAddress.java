package im.parley.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where another node of the cluster may be found.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param port its cluster port, 1 to 65535
 */
public record MemberAddress(String host, int port) {
  private static final Pattern WRITTEN =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9._-]+))(?::(\\d{1,5}))?");

  /** Reads {@code HOST} or {@code HOST:PORT}; an IPv6 address stands in brackets. */
  static MemberAddress parse(String key, String text, int standardPort) {
    Matcher matcher = WRITTEN.matcher(text);
    Rules.require(
        matcher.matches(), key, text, "HOST:PORT, comma separated, such as 10.0.0.1:5701");
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    int port = matcher.group(3) == null ? standardPort : Integer.parseInt(matcher.group(3));
    Rules.require(port >= 1 && port <= 65535, key, text, "HOST:PORT with a port from 1 to 65535");
    return new MemberAddress(host, port);
  }

  /** As it is written in a setting. */
  @Override
  public String toString() {
    // RFC 3986 §3.2.2: an IPv6 address before a port stands in brackets.
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
