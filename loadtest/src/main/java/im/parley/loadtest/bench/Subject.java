package im.parley.loadtest.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that is measured.
 *
 * @param label of its column
 * @param program what it runs
 * @param jdk home of its JDK
 * @param flags of its JVM, but for the heap that a measurement asks for
 * @param settings of Parley beside those that every measurement needs, as {@code KEY=VALUE}
 */
record Subject(String label, Program program, Path jdk, List<String> flags, List<String> settings) {
  static final String FLOOR = "floor";
  static final String PARLEY = "parley";

  /** What a server runs. */
  enum Program {
    FLOOR,
    PARLEY
  }

  static Path ownJdk() {
    return Path.of(System.getProperty("java.home"));
  }

  /** The same with further settings. */
  Subject with(List<String> more) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(more);
    return new Subject(label, program, jdk, flags, all);
  }

  /** Where it listens and keeps its data. */
  record Place(int port, int adminPort, Path data) {}

  /** The whole command that starts it. */
  List<String> command(BenchPlan plan, List<String> heapFlags, Place place) {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin/java").toString());
    command.addAll(flags);
    command.addAll(heapFlags);
    if (program == Program.FLOOR) {
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of("im.parley.loadtest.cli.Main", "floor"));
      command.addAll(List.of("--port", String.valueOf(place.port())));
      return command;
    }
    command.addAll(List.of("-jar", plan.serverJar().toString(), "serve"));
    command.addAll(List.of("--ws-port", String.valueOf(place.port()), "--http-port", "0"));
    command.addAll(List.of("--grpc-port", "0", "--admin-port", String.valueOf(place.adminPort())));
    command.addAll(List.of("--data", place.data().toString(), "--set", "log.level=warn"));
    // The broadcast goes to one room of all.
    command.addAll(List.of("--set", "chat.max-room-members=" + (plan.connections() + 1)));
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    return command;
  }

  /** The label, as far as a file can be called so. */
  String fileName() {
    return label.replaceAll("[^\\w.=+-]", "_");
  }

  /** How it was run, for the report. */
  String described() {
    String set = settings.isEmpty() ? "" : "; " + String.join(" ", settings);
    return label + ": " + jdk + ", " + String.join(" ", flags) + set;
  }
}
