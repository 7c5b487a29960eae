package im.parley.cli;

import im.parley.config.ServerConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where a started node is reached, for the person who started it. */
final class Addresses {
  private static final List<String> EVERYWHERE = List.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  private final String page;
  private final Map<String, String> listening = new LinkedHashMap<>();

  Addresses(ServerConfig server, RunningNode node) {
    boolean tls = !server.tlsCertificate().isEmpty();
    String host = EVERYWHERE.contains(server.bind()) ? "localhost" : bracketed(server.bind());
    page = (tls ? "https://" : "http://") + host + ":" + node.httpPort() + "/";
    String bind = bracketed(server.bind());
    listening.put(
        "websocket",
        node.wsPorts().stream()
            .map(port -> (tls ? "wss://" : "ws://") + bind + ":" + port)
            .collect(Collectors.joining(" ")));
    listening.put("http", (tls ? "https://" : "http://") + bind + ":" + node.httpPort());
    listening.put("grpc", bind + ":" + node.grpcPort());
    listening.put("admin", "http://" + bind + ":" + node.adminPort());
  }

  /** Lines for a terminal. */
  String text() {
    return listening.entrySet().stream()
        .map(entry -> "  %-10s %s".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("\n", "Parley runs; open " + page + "\n", ""));
  }

  /** Facts for a log line. */
  String facts() {
    return listening.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String bracketed(String host) {
    // RFC 3986 §3.2.2: an IPv6 address in a URL stands in brackets.
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }
}
