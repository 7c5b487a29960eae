package im.parley.testing;

import im.parley.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node in a process of its own, on free ports, that can be killed. */
public final class ChildNode implements AutoCloseable {
  private final ChildJvm process;
  private final int wsPort;
  private final int httpPort;

  private ChildNode(ChildJvm process, int wsPort, int httpPort) {
    this.process = process;
    this.wsPort = wsPort;
    this.httpPort = httpPort;
  }

  /**
   * Starts a node with its store in {@code data}; returns when it listens. A port that the settings
   * do not name is a free one.
   */
  public static ChildNode start(Path data, String... settings) throws Exception {
    List<String> args = new ArrayList<>(List.of("serve", "--data", data.toString()));
    for (String port : List.of("ws-port", "http-port", "grpc-port", "admin-port")) {
      args.addAll(List.of("--set", port + "=0"));
    }
    for (String setting : settings) {
      args.addAll(List.of("--set", setting));
    }
    Files.createDirectories(data);
    ChildJvm process = ChildJvm.start(Main.class, data, Map.of(), args.toArray(String[]::new));
    try {
      int http = port(process.awaitLine("open http://"));
      int ws = port(process.awaitLine("websocket"));
      return new ChildNode(process, ws, http);
    } catch (Exception | AssertionError e) {
      process.close();
      throw e;
    }
  }

  private static int port(String line) {
    Matcher matcher = Pattern.compile(":(\\d+)").matcher(line.substring(line.indexOf("://") + 3));
    if (!matcher.find()) {
      throw new AssertionError("no port in: " + line);
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** The WebSocket port. */
  public int wsPort() {
    return wsPort;
  }

  /** The HTTP port. */
  public int httpPort() {
    return httpPort;
  }

  /** Ends it as a power cut would, but for what the kernel still writes. */
  public void kill() throws Exception {
    process.signal("KILL");
    process.end();
  }

  /** Freezes it: its sockets stay open, and nothing of it answers. */
  public void freeze() throws Exception {
    process.signal("STOP");
  }

  /** Asks it to stop; the exit code. */
  public int terminate() throws Exception {
    process.signal("TERM");
    return process.end().exitCode();
  }

  @Override
  public void close() {
    process.close();
  }
}
