package im.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A process of ours with its output, killed when closed. */
public final class ChildJvm implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 60;

  private final Process process;
  private final CompletableFuture<String> err;
  private final BufferedReader out;

  private ChildJvm(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.err = reading(() -> text(process.errorReader(StandardCharsets.UTF_8)));
  }

  /**
   * Starts {@code main} with our class path and an environment that holds nothing of ours but
   * {@code variables}.
   */
  public static ChildJvm start(
      Class<?> main, Path directory, Map<String, String> variables, String... args)
      throws IOException {
    return startBy(List.of(), main, directory, variables, args);
  }

  /** The same, but run by {@code wrapper}: a command that runs the one behind it. */
  public static ChildJvm startBy(
      List<String> wrapper,
      Class<?> main,
      Path directory,
      Map<String, String> variables,
      String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classPath(), main.getName()));
    if (Runtime.version().feature() >= 24) {
      // As the launcher does; without them the JVM writes warnings to stderr.
      command.addAll(
          1,
          List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    }
    command.addAll(List.of(args));
    // A shell without job control has its background ignore SIGINT; a JVM would go on doing so.
    command.addAll(0, List.of("env", "--default-signal=INT"));
    command.addAll(0, wrapper);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PARLEY_") || name.equals("JAVA_TOOL_OPTIONS"));
    builder.environment().putAll(variables);
    return new ChildJvm(builder.start());
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** What a finished process left. */
  public record Result(int exitCode, String out, String err) {}

  /** Waits for the end. */
  public Result end() throws InterruptedException {
    CompletableFuture<String> rest = reading(() -> text(out));
    assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("ended in time").isTrue();
    return new Result(process.exitValue(), rest.join(), err.join());
  }

  /** The next line of its output that contains {@code part}. */
  public String awaitLine(String part) throws Exception {
    CompletableFuture<String> found = reading(() -> lineWith(part));
    String line = found.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("ended without a line with \"" + part + "\": " + err.join());
    }
    return line;
  }

  private String lineWith(String part) {
    return out.lines().filter(line -> line.contains(part)).findFirst().orElse(null);
  }

  /** Sends {@code signal}, such as TERM; after STOP, none of its threads runs any more. */
  public void signal(String signal) {
    Signals.send(signal, process);
  }

  /** On a thread of its own: the common pool may put readers that block behind each other. */
  private static <T> CompletableFuture<T> reading(Supplier<T> read) {
    return CompletableFuture.supplyAsync(read, task -> new Thread(task, "child output").start());
  }

  private static String text(BufferedReader reader) {
    StringBuilder text = new StringBuilder();
    reader.lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
