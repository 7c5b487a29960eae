package im.parley.loadtest.wire;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A WebSocket endpoint under test. Connections are spread over all targets in turn. */
public record Target(String host, int port, String path) {
  private static final Pattern URL =
      Pattern.compile("ws://(\\[[^]]+]|[^:/\\[\\]]+)(?::(\\d+))?(/.*)?");

  /**
   * Reads {@code ws://host[:port][/path]}, several of them comma separated. A port may be a range,
   * {@code ws://host:8089-8099/acc}.
   *
   * @throws IllegalArgumentException naming what was given and what was expected
   */
  public static List<Target> parse(List<String> values) {
    List<Target> targets = new ArrayList<>();
    for (String value : values) {
      for (String url : value.split(",")) {
        addRange(url.trim(), targets);
      }
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("no target; expected ws://host:port/path");
    }
    return List.copyOf(targets);
  }

  private static void addRange(String url, List<Target> targets) {
    Matcher range = Pattern.compile("(ws://[^/]+:)(\\d{1,5})-(\\d{1,5})(/.*)?").matcher(url);
    if (!range.matches()) {
      targets.add(parseOne(url));
      return;
    }
    int first = Integer.parseInt(range.group(2));
    int last = Integer.parseInt(range.group(3));
    if (first > last) {
      throw new IllegalArgumentException("target " + url + ": the first port is above the last");
    }
    String path = range.group(4) == null ? "" : range.group(4);
    for (int port = first; port <= last; port++) {
      targets.add(parseOne(range.group(1) + port + path));
    }
  }

  private static Target parseOne(String url) {
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("target " + url + ": expected ws://host:port/path");
    }
    int port = matcher.group(2) == null ? 80 : Integer.parseInt(matcher.group(2));
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("target " + url + ": expected a port from 1 to 65535");
    }
    return new Target(matcher.group(1), port, matcher.group(3) == null ? "/" : matcher.group(3));
  }

  InetSocketAddress address() {
    return new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port);
  }

  @Override
  public String toString() {
    return "ws://" + host + ":" + port + path;
  }
}
