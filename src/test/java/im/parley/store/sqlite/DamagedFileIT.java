package im.parley.store.sqlite;

import static im.parley.store.StoreContract.await;
import static im.parley.store.StoreContract.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.config.StoreConfig;
import im.parley.protocol.ErrorCode;
import im.parley.store.Appended;
import im.parley.store.Draft;
import im.parley.store.LogPage;
import im.parley.store.StoreUnusable;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database file with garbage inside, and one that was cut off. */
class DamagedFileIT {
  private static final int CONVERSATIONS = 50;
  private static final int EACH = 100;
  private static final int PAGE = 4_096;

  @TempDir Path directory;
  private Path database;

  @BeforeEach
  void fill() {
    database = directory.resolve(DataDirectory.DATABASE);
    SqliteStore store = open();
    List<Future<Appended>> sent = new ArrayList<>();
    for (int c = 0; c < CONVERSATIONS; c++) {
      for (int n = 0; n < EACH; n++) {
        sent.add(append(store, c, n));
      }
    }
    await(Future.all(sent));
    await(store.close());
  }

  @Test
  void garbage_in_the_middle_stops_writing_but_sound_conversations_are_still_read()
      throws IOException {
    damageTheMiddle();
    SqliteStore store = open();
    try {
      int sound = 0;
      int refused = 0;
      for (int c = 0; c < CONVERSATIONS; c++) {
        Future<LogPage> page = store.messages().readAfter("r:" + c, 0, EACH + 1);
        if (await(page.map(true).otherwise(false))) {
          assertThat(page.result().messages()).as("never a silent part").hasSize(EACH);
          sound++;
        } else {
          assertThat(refusal(page)).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
          refused++;
        }
      }

      assertThat(sound).isPositive();
      assertThat(refused).isPositive();
      assertThat(store.health().writable()).isFalse();
      assertThat(store.health().readable()).isTrue();
      assertThat(store.health().detail()).contains("damaged").contains("backup");
      assertThat(refusal(append(store, 0, EACH))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    } finally {
      await(store.close());
    }
  }

  @Test
  void a_file_that_was_cut_off_is_refused_at_the_start() throws IOException {
    try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
      file.truncate(file.size() / 2 / PAGE * PAGE);
    }

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("the file is damaged, restore a backup")
        .hasMessageContaining(database.toString());
  }

  @Test
  void a_file_that_is_no_database_is_refused_at_the_start() throws IOException {
    write(0, garbage(PAGE));

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("restore a backup");
  }

  private void damageTheMiddle() throws IOException {
    long size;
    try (FileChannel file = FileChannel.open(database)) {
      size = file.size();
    }
    // A tenth of the pages, from the middle on: pages of messages and of their index.
    int pages = (int) (size / PAGE / 10);
    write(size / 2 / PAGE * PAGE, garbage(pages * PAGE));
  }

  private static ByteBuffer garbage(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(1).nextBytes(noise);
    return ByteBuffer.wrap(noise);
  }

  private void write(long position, ByteBuffer bytes) throws IOException {
    try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
      file.write(bytes, position);
    }
  }

  private SqliteStore open() {
    return SqliteStore.open(
        new StoreConfig("sqlite", directory, 10_000, 1, Duration.ZERO, 0), Clock.systemUTC());
  }

  private static Future<Appended> append(SqliteStore store, int conversation, int n) {
    String body = "{\"msg\":\"" + "x".repeat(200) + "\"}";
    return store
        .messages()
        .append(
            new Draft(
                "id" + n, "r:" + conversation, List.of(), "ann", "web", n, "c" + n, "text", body));
  }
}
