package im.parley.store.sqlite;

import im.parley.config.StoreConfig;
import im.parley.store.Draft;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A process that appends to the store in its first argument until it is killed, and prints one line
 * for each acknowledgement: conversation, offset, cid and a dot.
 */
final class AppendUntilKilled {
  private static final int IN_FLIGHT = 200;
  private static final int CONVERSATIONS = 7;

  private AppendUntilKilled() {}

  public static void main(String[] arguments) throws InterruptedException {
    StoreConfig config =
        new StoreConfig("sqlite", Path.of(arguments[0]), 1_000, 1, Duration.ZERO, 0);
    SqliteStore store = SqliteStore.open(config, Clock.systemUTC());
    Semaphore room = new Semaphore(IN_FLIGHT);
    PrintStream acks = System.out;
    for (long n = 0; true; n++) {
      room.acquire();
      String cid = ProcessHandle.current().pid() + "-" + n;
      String conversation = "r:" + n % CONVERSATIONS;
      Draft draft =
          new Draft(
              "id" + cid,
              conversation,
              List.of(),
              "ann",
              "web",
              n,
              cid,
              "text",
              "{\"msg\":\"" + cid + "\"}");
      store
          .messages()
          .append(draft)
          .onSuccess(
              done -> {
                acks.println(
                    "ack " + conversation + " " + done.message().offset() + " " + cid + " .");
                room.release();
              });
    }
  }
}
