package im.parley.loadtest.run;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A child's side of {@link ChildWorker}: serves its parent until standard input ends. */
public final class WorkerLoop {
  private final Worker worker;
  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

  private WorkerLoop(Worker worker) {
    this.worker = worker;
  }

  public static void serve(Kind kind, Options options, int number) throws IOException {
    Worker worker = Waiting.on(LocalWorker.start(WorkerPlan.of(kind, options, number)));
    new WorkerLoop(worker).serve();
    Waiting.on(worker.stop());
  }

  private void serve() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonObject request = new JsonObject(line);
      int id = request.getInteger("id");
      answer(request)
          .onComplete(done -> write(id, done.succeeded() ? done.result() : error(done.cause())));
    }
  }

  private Future<JsonObject> answer(JsonObject request) {
    return switch (request.getString("ask")) {
      case "enter" -> worker.enter(request.getString("phase")).map(any -> new JsonObject());
      case "take" -> worker.take().map(sample -> new JsonObject().put("sample", sample.toJson()));
      default -> Future.succeededFuture(new JsonObject());
    };
  }

  private static JsonObject error(Throwable cause) {
    return new JsonObject().put("error", String.valueOf(cause));
  }

  private synchronized void write(int id, JsonObject answer) {
    out.println(answer.put("id", id).encode());
    out.flush();
  }
}
