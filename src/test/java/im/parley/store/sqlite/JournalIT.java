package im.parley.store.sqlite;

import static im.parley.store.StoreContract.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.config.StoreConfig;
import im.parley.protocol.Message;
import im.parley.store.Appended;
import im.parley.store.Draft;
import im.parley.store.LogPage;
import im.parley.store.StoreUnusable;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store finds of its newest messages after its files were copied at some moment. */
class JournalIT {
  private static final int CONVERSATIONS = 5;

  @TempDir Path directory;

  @Test
  void messages_that_are_in_the_journal_only_are_there_after_a_crash() throws IOException {
    Path data = directory.resolve("data");
    SqliteStore store = open(data);
    append(store, 1, 500);
    Path crashed = copy(data, "crashed");
    await(store.close());

    SqliteStore again = open(crashed);
    assertComplete(again, 500);
    append(again, 501, 700);
    assertThat(await(again.messages().append(draft(7))).duplicate()).isTrue();
    Path crashedAgain = copy(crashed, "crashed again");
    await(again.close());

    SqliteStore last = open(crashedAgain);
    assertComplete(last, 700);
    await(last.close());
  }

  @Test
  void a_crash_at_any_moment_of_moving_leaves_every_message_once() throws IOException {
    Path data = directory.resolve("data");
    SqliteStore store = open(data);
    List<Path> moments = new ArrayList<>();
    List<Integer> stored = new ArrayList<>();
    // More than two generations; each copy is taken while the writer stands still.
    for (int n = 0; n < 150_000; n += 10_000) {
      append(store, n + 1, n + 10_000);
      int moment = moments.size();
      await(
          store.write(
              sql -> {
                moments.add(copy(data, "moment " + moment));
                return null;
              }));
      stored.add(n + 10_000);
    }
    await(store.close());

    for (int i = 0; i < moments.size(); i++) {
      SqliteStore crashed = open(moments.get(i));
      assertComplete(crashed, stored.get(i));
      await(crashed.close());
    }
  }

  @Test
  void a_group_that_was_cut_off_is_as_if_it_had_never_come() throws IOException {
    Path data = directory.resolve("data");
    SqliteStore store = open(data);
    append(store, 1, 10);
    await(store.messages().append(draft(11)));
    Path crashed = copy(data, "crashed");
    await(store.close());
    Path journal = Journal.file(crashed.resolve(DataDirectory.DATABASE), 1);
    overwrite(journal, lastRecord(journal) + JournalFile.HEADER_BYTES, "torn");

    SqliteStore again = open(crashed);
    assertComplete(again, 10);
    assertThat(await(again.messages().append(draft(11))).duplicate()).isFalse();
    assertComplete(again, 11);
    await(again.close());
  }

  @Test
  void a_damaged_journal_stops_the_start_rather_than_lose_what_is_behind() throws IOException {
    Path data = directory.resolve("data");
    SqliteStore store = open(data);
    for (int n = 1; n <= 10; n++) {
      await(store.messages().append(draft(n)));
    }
    Path damaged = copy(data, "damaged");
    await(store.close());
    Path journal = Journal.file(damaged.resolve(DataDirectory.DATABASE), 1);
    overwrite(journal, 3L * JournalFile.BLOCK + JournalFile.HEADER_BYTES, "rot");

    assertThatThrownBy(() -> open(damaged))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("damaged")
        .hasMessageContaining("backup");
  }

  @Test
  void the_journal_of_another_store_is_refused() throws IOException {
    Path one = directory.resolve("one");
    SqliteStore store = open(one);
    append(store, 1, 10);
    Path crashed = copy(one, "crashed");
    await(store.close());
    Files.delete(crashed.resolve(DataDirectory.DATABASE));
    Files.delete(crashed.resolve(DataDirectory.DATABASE + "-wal"));

    assertThatThrownBy(() -> open(crashed))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("another store")
        .hasMessageContaining("move it away");
  }

  @Test
  void the_files_do_not_grow_with_the_number_of_messages() throws IOException {
    Path data = directory.resolve("data");
    SqliteStore store = open(data);
    append(store, 1, 300_000);
    long bytes = 0;
    for (int i = 0; i < 2; i++) {
      bytes += Files.size(Journal.file(data.resolve(DataDirectory.DATABASE), i));
    }
    await(store.close());

    assertThat(bytes).isLessThan(128L << 20);
  }

  private static void assertComplete(SqliteStore store, int count) {
    int found = 0;
    for (int c = 0; c < CONVERSATIONS; c++) {
      LogPage page = await(store.messages().readAfter("r:" + c, 0, Integer.MAX_VALUE - 1));
      List<Message> messages = page.messages();
      for (int i = 0; i < messages.size(); i++) {
        assertThat(messages.get(i).offset()).isEqualTo(i + 1L);
        int n = i * CONVERSATIONS + (c == 0 ? CONVERSATIONS : c);
        assertThat(messages.get(i).cid()).isEqualTo("c" + n);
      }
      found += messages.size();
    }
    assertThat(found).isEqualTo(count);
  }

  private static void append(SqliteStore store, int from, int to) {
    List<Future<Appended>> sent = new ArrayList<>();
    for (int n = from; n <= to; n++) {
      sent.add(store.messages().append(draft(n)));
      if (sent.size() == 1_000) {
        await(Future.all(sent));
        sent.clear();
      }
    }
    await(Future.all(sent));
  }

  private static Draft draft(int n) {
    String body = "{\"msg\":\"" + "x".repeat(n % 300) + "\"}";
    return new Draft(
        "id" + n, "r:" + n % CONVERSATIONS, List.of(), "ann", "web", n, "c" + n, "text", body);
  }

  private static SqliteStore open(Path data) {
    return SqliteStore.open(
        new StoreConfig("sqlite", data, 10_000, 1, Duration.ZERO, 0), Clock.systemUTC());
  }

  /** The store's files as a process that dies now leaves them to the kernel. */
  private Path copy(Path data, String name) {
    try {
      Path copy = Files.createDirectory(directory.resolve(name));
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(data, "parley.{db,db-wal,journal*}")) {
        for (Path file : files) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
      return copy;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long lastRecord(Path journal) throws IOException {
    return JournalFile.read(journal, JournalFile.owner(journal), 1, true).lastAt();
  }

  private static void overwrite(Path path, long at, String bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)), at);
    }
  }
}
