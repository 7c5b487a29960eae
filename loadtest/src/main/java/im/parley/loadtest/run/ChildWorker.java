package im.parley.loadtest.run;

import im.parley.loadtest.measure.Sample;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A worker in a process of its own, which {@link WorkerLoop} serves: one JSON object a line, asked
 * on its standard input and answered, in any order, on its standard output.
 */
final class ChildWorker implements Worker {
  private final Process process;
  private final Writer requests;
  private final Map<Integer, Promise<JsonObject>> asked = new ConcurrentHashMap<>();
  // Any thread
  private volatile boolean gone;
  // The coordinator's thread only
  private int lastId;

  private ChildWorker(Process process) {
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "worker-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * @param arguments of this process's command line, which the child gets again
   */
  static Future<Worker> start(int worker, String runId, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.startsWith("-agentlib") && !flag.startsWith("-javaagent"))
            .toList());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-Dparley.loadtest.worker=" + worker, "im.parley.loadtest.cli.Main"));
    command.addAll(arguments);
    command.addAll(List.of("--run-id", runId));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      ChildWorker child = new ChildWorker(process);
      return child.ask("hello", "").map(child);
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<Void> enter(String phase) {
    return ask("enter", phase).mapEmpty();
  }

  @Override
  public Future<Sample> take() {
    return ask("take", "").map(answer -> Sample.fromJson(answer.getJsonObject("sample")));
  }

  @Override
  public Future<Void> stop() {
    try {
      requests.close();
    } catch (IOException e) {
      process.destroy();
    }
    return Future.fromCompletionStage(process.onExit()).mapEmpty();
  }

  private Future<JsonObject> ask(String what, String phase) {
    Promise<JsonObject> answer = Promise.promise();
    int id = ++lastId;
    asked.put(id, answer);
    try {
      requests.write(new JsonObject().put("id", id).put("ask", what).put("phase", phase).encode());
      requests.write('\n');
      requests.flush();
    } catch (IOException e) {
      failAsGone(answer);
    }
    // It may have gone after its reader failed what was asked before.
    if (gone) {
      failAsGone(answer);
    }
    return answer.future();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonObject answer = new JsonObject(line);
        Promise<JsonObject> promise = asked.remove(answer.getInteger("id"));
        if (answer.containsKey("error")) {
          promise.fail(answer.getString("error"));
        } else {
          promise.complete(answer);
        }
      }
    } catch (IOException e) {
      // As at its end: whatever was asked has no answer.
    }
    gone = true;
    asked.values().forEach(this::failAsGone);
  }

  private void failAsGone(Promise<JsonObject> promise) {
    promise.tryFail("worker " + process.pid() + " is gone");
  }
}
