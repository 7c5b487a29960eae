package im.parley.cli;

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

/** A process of ours with its output, killed when closed. */
final class ChildJvm implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 60;

  private final Process process;
  private final CompletableFuture<String> err;
  private final BufferedReader out;

  private ChildJvm(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.err =
        CompletableFuture.supplyAsync(() -> text(process.errorReader(StandardCharsets.UTF_8)));
  }

  /**
   * Starts {@code main} with our class path and an environment that holds nothing of ours but
   * {@code variables}.
   */
  static ChildJvm start(
      Class<?> main, Path directory, Map<String, String> variables, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classPath(), main.getName()));
    command.addAll(List.of(args));
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
  record Result(int exitCode, String out, String err) {}

  /** Waits for the end. */
  Result end() throws InterruptedException {
    CompletableFuture<String> rest = CompletableFuture.supplyAsync(() -> text(out));
    assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("ended in time").isTrue();
    return new Result(process.exitValue(), rest.join(), err.join());
  }

  /** The next line of its output that contains {@code part}. */
  String awaitLine(String part) throws Exception {
    CompletableFuture<String> found = CompletableFuture.supplyAsync(() -> lineWith(part));
    String line = found.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    assertThat(line).as("a line with \"%s\" before the end", part).isNotNull();
    return line;
  }

  private String lineWith(String part) {
    return out.lines().filter(line -> line.contains(part)).findFirst().orElse(null);
  }

  /** Sends {@code signal}, such as TERM. */
  void signal(String signal) throws Exception {
    int sent =
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    assertThat(sent).isZero();
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
