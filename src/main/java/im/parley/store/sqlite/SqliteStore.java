package im.parley.store.sqlite;

import im.parley.config.StoreConfig;
import im.parley.store.ConversationStore;
import im.parley.store.MessageStore;
import im.parley.store.RoomStore;
import im.parley.store.Store;
import im.parley.store.StoreUnusable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded store: one SQLite file, and a journal of the newest messages, in a directory that
 * belongs to one node. One thread writes, some read beside it; a write's future completes after the
 * fsync of its group.
 */
public final class SqliteStore implements Store {
  private static final Logger log = LoggerFactory.getLogger(SqliteStore.class);
  // 64 MiB of log before a commit folds in what the checkpointer has left of it. A long log folds
  // each page in once, however
  // often it was written: with 8 MiB, half of the throughput was lost over 1,000 conversations.
  private static final int CHECKPOINT_PAGES = 16_000;

  private final DataDirectory directory;
  private final Writer writer;
  private final Readers readers;
  private final Checkpointer checkpointer;
  private final Condition condition;
  private final Tally tally = new Tally();
  private final Tail tail;
  private final Placed placed;
  private final Retention retention;
  private final SqliteMessageStore messages;
  private final SqliteConversationStore conversations;
  private final SqliteRoomStore rooms;

  private SqliteStore(
      StoreConfig config,
      Clock clock,
      Executor completions,
      DataDirectory directory,
      Schema.Identity identity) {
    this.directory = directory;
    Path database = directory.database();
    this.condition = new Condition(database);
    this.retention = new Retention(config.retentionAge(), config.retentionCount(), clock, tally);
    TailLogs tailLogs = new TailLogs();
    this.checkpointer =
        new Checkpointer(() -> Sql.writer(database, CHECKPOINT_PAGES), tally::groups);
    this.tail =
        new Tail(
            tailLogs,
            sql -> Journal.open(database, identity.number(), sql),
            checkpointer,
            System::nanoTime);
    Heads heads = new Heads(tail);
    String epoch = identity.epoch();
    this.placed = new Placed(heads, epoch);
    LogReader reader = new LogReader(tailLogs, epoch);
    this.writer =
        new Writer(
            config.queue(),
            this::openWriter,
            memory(heads),
            List.of(tail, retention),
            completions,
            condition,
            tally);
    this.readers = new Readers(database, config.readers(), config.queue(), condition, tally);
    this.messages =
        new SqliteMessageStore(
            writer,
            readers,
            reader,
            new Appender(heads, tail, placed, retention, epoch),
            identity.keys());
    this.conversations = new SqliteConversationStore(writer, readers, reader, heads, epoch);
    this.rooms = new SqliteRoomStore(writer, readers, heads, clock);
  }

  /**
   * Opens the store in {@code config.data()}, making it when there is none. Blocks. Throws {@link
   * StoreUnusable} with one line for the operator when it cannot be used.
   */
  public static SqliteStore open(StoreConfig config, Clock clock) {
    return open(config, clock, Runnable::run);
  }

  /**
   * The same for a caller that wants to do something around the completions of a group.
   *
   * @param completions runs what it is given at once, on the calling thread
   */
  public static SqliteStore open(StoreConfig config, Clock clock, Executor completions) {
    DataDirectory directory = DataDirectory.claim(config.data());
    try {
      Schema.Identity identity = Schema.prepare(directory.database());
      SqliteStore store = new SqliteStore(config, clock, completions, directory, identity);
      Sql sql = store.openWriter();
      store.retention.prepare(sql);
      sql.release();
      store.writer.start(sql);
      store.readers.start();
      store.checkpointer.start();
      log.info("store open [file: {}, epoch: {}]", directory.database(), identity.epoch());
      return store;
    } catch (SQLException e) {
      release(directory);
      throw new StoreUnusable(
          "%s cannot be opened: %s".formatted(directory.database(), Faults.advice(e)), e);
    } catch (RuntimeException e) {
      release(directory);
      throw e;
    }
  }

  @Override
  public MessageStore messages() {
    return messages;
  }

  @Override
  public ConversationStore conversations() {
    return conversations;
  }

  @Override
  public RoomStore rooms() {
    return rooms;
  }

  @Override
  public StoreHealth health() {
    return condition.health();
  }

  @Override
  public StoreMetrics stats() {
    return tally.snapshot(writer.waiting(), readers.waiting());
  }

  @Override
  public Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    new Thread(() -> closed.handle(Future.future(this::shut)), "store-closer").start();
    return closed.future();
  }

  /** Trims all that is to be trimmed now. */
  Future<Void> trim() {
    return write(
        sql -> {
          placeAll(sql);
          retention.round(sql);
          return null;
        });
  }

  /** Runs {@code work} in the writer's next group. */
  <T> Future<T> write(Pending.Work<T> work) {
    return writer.submit(work);
  }

  private void placeAll(Sql sql) throws SQLException {
    tail.moveAll(sql);
    placed.forget();
  }

  private Sql openWriter() throws SQLException {
    Sql sql = Sql.writer(directory.database(), CHECKPOINT_PAGES);
    try {
      tail.load(sql);
      return sql;
    } catch (SQLException e) {
      sql.close();
      throw e;
    }
  }

  private Writer.Memory memory(Heads heads) {
    return new Writer.Memory() {
      @Override
      public void begin(Sql sql, List<Pending<?>> group) throws SQLException {
        placed.ask(sql, group);
      }

      @Override
      public void write() throws SQLException {
        tail.write();
      }

      @Override
      public void committed() {
        tail.committed();
      }

      @Override
      public void forget() {
        heads.forgetAll();
        retention.forgetAll();
        tail.forget();
      }
    };
  }

  private void shut(Promise<Void> done) {
    try {
      // At rest the tail is empty. A full queue ends without it; the next opening loads the tail.
      write(
          sql -> {
            placeAll(sql);
            return null;
          });
      writer.close();
      checkpointer.close();
      readers.close();
      directory.close();
      log.info("store closed [file: {}]", directory.database());
      done.complete();
    } catch (InterruptedException | IOException e) {
      done.fail(e);
    }
  }

  private static void release(DataDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      log.debug("releasing a data directory", e);
    }
  }
}
