package im.parley.store.sqlite;

import im.parley.store.StoreUnusable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Copies a store to one file, whether or not a node is using it. */
public final class SqliteBackup {
  private SqliteBackup() {}

  /**
   * Writes a consistent, checked and fsynced copy of the store in {@code dataDirectory} to {@code
   * target}, which must not exist. Placed as {@code parley.db} into an empty data directory it is a
   * store, whose epoch is then a new one. Blocks; {@link StoreUnusable} says what went wrong.
   */
  public static void run(Path dataDirectory, Path target) {
    Path database = dataDirectory.resolve(DataDirectory.DATABASE);
    if (!Files.isRegularFile(database)) {
      throw new StoreUnusable("there is no store at %s".formatted(database.toAbsolutePath()), null);
    }
    if (Files.exists(target)) {
      throw new StoreUnusable(
          "%s exists: a backup never overwrites, name another file".formatted(target), null);
    }
    Path directory = target.toAbsolutePath().getParent();
    Path part = null;
    try {
      part = Files.createTempFile(directory, target.getFileName() + ".", ".part");
      // Before the database: what has left the journal by then is in there.
      List<Journal.Rest> newest = newest(database);
      copy(database, part);
      place(newest, part);
      mark(part);
      sync(part, StandardOpenOption.WRITE);
      Files.move(part, target);
      sync(directory, StandardOpenOption.READ);
    } catch (FileAlreadyExistsException e) {
      throw failed(
          part, "%s exists: a backup never overwrites, name another file".formatted(target), e);
    } catch (SQLException | IOException e) {
      throw failed(
          part, "backup to %s failed, nothing was kept of it (%s)".formatted(target, e), e);
    }
  }

  private static List<Journal.Rest> newest(Path database) throws SQLException, IOException {
    try (Sql sql = Sql.reader(database)) {
      return Journal.read(database, Schema.number(sql), Journal.moved(sql), false);
    }
  }

  private static void place(List<Journal.Rest> newest, Path part) throws SQLException {
    try (Sql sql = Sql.copy(part)) {
      TailReader reader = new TailReader(sql);
      for (Journal.Rest rest : newest) {
        Tail.place(sql, reader.read(rest.content().payloads()));
      }
      sql.commit();
    }
  }

  private static void copy(Path database, Path part) throws SQLException {
    try (Connection source = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = source.createStatement()) {
      statement.execute("PRAGMA busy_timeout=10000");
      statement.execute("VACUUM INTO '" + part.toString().replace("'", "''") + "'");
    }
  }

  private static void mark(Path part) throws SQLException {
    try (Connection copy = DriverManager.getConnection("jdbc:sqlite:" + part);
        Statement statement = copy.createStatement()) {
      statement.execute("PRAGMA application_id=" + Schema.BACKUP_ID);
      try (ResultSet check = statement.executeQuery("PRAGMA quick_check(1)")) {
        if (!check.next() || !check.getString(1).equals("ok")) {
          throw new SQLException("the copy is damaged: " + check.getString(1));
        }
      }
    }
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  private static StoreUnusable failed(Path part, String problem, Exception cause) {
    if (part != null) {
      try {
        Files.deleteIfExists(part);
      } catch (IOException ignored) {
        // The failure that led here is the one to tell.
      }
    }
    return new StoreUnusable(problem, cause);
  }
}
