package im.parley.loadtest.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A server that the bench measures. */
enum Subject {
  FLOOR,
  PARLEY;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its JVM's arguments after the flags. */
  List<String> arguments(BenchPlan plan, int port, int adminPort, Path data) {
    if (this == FLOOR) {
      return List.of(
          "-cp",
          System.getProperty("java.class.path"),
          "im.parley.loadtest.cli.Main",
          "floor",
          "--port",
          String.valueOf(port));
    }
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-jar", plan.serverJar().toString(), "serve"));
    arguments.addAll(List.of("--ws-port", String.valueOf(port), "--http-port", "0"));
    arguments.addAll(List.of("--grpc-port", "0", "--admin-port", String.valueOf(adminPort)));
    arguments.addAll(List.of("--data", data.toString(), "--set", "log.level=warn"));
    // The broadcast goes to one room of all.
    arguments.addAll(List.of("--set", "chat.max-room-members=" + (plan.connections() + 1)));
    return arguments;
  }
}
