package im.parley.store.sqlite;

import im.parley.store.StoreUnusable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables, their version and the store's identity.
 *
 * <p>The file's header carries an application id: one for a store, one for a backup. A backup's log
 * is older than what clients may have seen, so opening it draws a new epoch.
 * https://sqlite.org/fileformat2.html §1.3
 */
final class Schema {
  static final int STORE_ID = 0x50724c79;
  static final int BACKUP_ID = 0x50724c42;
  private static final int APPLICATION_ID_AT = 68;

  /** Of before the first release; it kept the newest messages in a table. */
  private static final int UNRELEASED = 1;

  /**
   * Entry n leads to version {@link #UNRELEASED} + 1 + n from the one before, the first from
   * nothing; entries are never changed once released.
   */
  private static final List<String> MIGRATIONS =
      List.of(
          """
          -- epoch, secret0, secret1: see Identity; journal: see Journal
          CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

          -- first: the lowest offset that retention has left; with it the head is known even of a log that is all trimmed
          CREATE TABLE conversation(
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first INTEGER NOT NULL DEFAULT 1);

          -- key: see CidKeys; entry: see Packed
          CREATE TABLE message(
            conversation INTEGER NOT NULL, offset INTEGER NOT NULL, key INTEGER NOT NULL, entry BLOB NOT NULL,
            PRIMARY KEY (conversation, offset)) WITHOUT ROWID;
          -- finds a repeated send
          CREATE INDEX message_key ON message(conversation, key);

          -- what a repeated send of a trimmed message is answered with, for a day from its time
          CREATE TABLE trimmed(
            conversation INTEGER NOT NULL, sender TEXT NOT NULL, cid TEXT NOT NULL, offset INTEGER NOT NULL,
            id TEXT NOT NULL, platform TEXT, time INTEGER NOT NULL, content BLOB NOT NULL,
            PRIMARY KEY (conversation, sender, cid)) WITHOUT ROWID;
          CREATE INDEX trimmed_time ON trimmed(time);

          -- name and room repeat the conversation's, so that a user's lists are one range of an index
          CREATE TABLE member(
            conversation INTEGER NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL, room TEXT, role INTEGER NOT NULL,
            since INTEGER NOT NULL, joined INTEGER NOT NULL, delivered INTEGER NOT NULL DEFAULT 0,
            read INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (conversation, user)) WITHOUT ROWID;
          CREATE UNIQUE INDEX member_user ON member(user, name);
          CREATE INDEX member_room ON member(user, room) WHERE room IS NOT NULL;

          CREATE TABLE room(
            id TEXT PRIMARY KEY, conversation TEXT NOT NULL UNIQUE, name TEXT NOT NULL, owner TEXT NOT NULL,
            policy INTEGER NOT NULL, created INTEGER NOT NULL, members INTEGER NOT NULL) WITHOUT ROWID;
          CREATE INDEX room_open ON room(policy, id);
          """);

  private static final int VERSION = UNRELEASED + MIGRATIONS.size();

  private Schema() {}

  /**
   * What makes a store this one.
   *
   * @param epoch of its logs, drawn anew when a backup is opened
   * @param keys with the secret under which the file's cids are kept
   */
  record Identity(String epoch, CidKeys keys) {
    /** The epoch as a number, never 0, which names the store in its journal. */
    long number() {
      return Schema.number(epoch);
    }
  }

  /**
   * Makes or migrates the tables of {@code database}; returns what it is. {@link StoreUnusable}
   * when it is not ours to use.
   */
  static Identity prepare(Path database) {
    int applicationId = applicationId(database);
    if (applicationId == BACKUP_ID) {
      requireAlone(database);
    }
    // Not in WAL mode yet: a backup loses its mark in the file itself, not in a log beside it.
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous=EXTRA");
      int version = number(statement, "PRAGMA user_version");
      requireOurs(database, number(statement, "PRAGMA application_id"), version, statement);
      connection.setAutoCommit(false);
      for (int next = Math.max(0, version - UNRELEASED); next < MIGRATIONS.size(); next++) {
        statement.executeUpdate(MIGRATIONS.get(next));
      }
      if (version == 0) {
        statement.executeUpdate(
            "INSERT INTO meta VALUES('secret0', '%s'), ('secret1', '%s')"
                .formatted(random(), random()));
      }
      if (version == 0 || applicationId == BACKUP_ID) {
        statement.executeUpdate("INSERT OR REPLACE INTO meta VALUES('epoch', '" + random() + "')");
      }
      if (version != VERSION || applicationId != STORE_ID) {
        statement.executeUpdate("PRAGMA application_id=" + STORE_ID);
        statement.executeUpdate("PRAGMA user_version=" + VERSION);
      }
      connection.commit();
      return new Identity(
          meta(database, statement, "epoch"),
          new CidKeys(
              Long.parseUnsignedLong(meta(database, statement, "secret0"), Character.MAX_RADIX),
              Long.parseUnsignedLong(meta(database, statement, "secret1"), Character.MAX_RADIX)));
    } catch (SQLException e) {
      throw new StoreUnusable("%s cannot be opened: %s".formatted(database, openingAdvice(e)), e);
    }
  }

  private static void requireAlone(Path database) {
    if (Files.exists(wal(database))) {
      throw new StoreUnusable(
          "%s is a backup but lies beside the write-ahead log of another store: move %s and %s-shm away"
              .formatted(database, wal(database), database),
          null);
    }
    for (int i = 0; i < 2; i++) {
      if (Files.exists(Journal.file(database, i))) {
        throw new StoreUnusable(
            "%s is a backup but lies beside the journal of another store: move %s away"
                .formatted(database, Journal.file(database, i)),
            null);
      }
    }
  }

  /** The number of the store that {@code sql} is of; see {@link Identity#number}. */
  static long number(Sql sql) throws SQLException {
    String epoch = sql.first("SELECT value FROM meta WHERE key='epoch'", row -> row.getString(1));
    return number(epoch);
  }

  private static long number(String epoch) {
    return Long.parseUnsignedLong(epoch, Character.MAX_RADIX) | 1;
  }

  static Path wal(Path database) {
    return database.resolveSibling(database.getFileName() + "-wal");
  }

  private static String openingAdvice(SQLException e) {
    return Faults.ofFile(e)
        ? "the file is damaged, restore a backup (%s)".formatted(e.getMessage())
        : Faults.advice(e);
  }

  private static void requireOurs(
      Path database, int applicationId, int version, Statement statement) throws SQLException {
    if (version > VERSION || version == UNRELEASED) {
      throw new StoreUnusable(
          "%s was written by %s Parley (schema %d, this one knows %d): run that version or restore %s backup"
              .formatted(
                  database,
                  version > VERSION ? "a newer" : "an unreleased",
                  version,
                  VERSION,
                  version > VERSION ? "an older" : "a newer"),
          null);
    }
    boolean empty = number(statement, "SELECT count(*) FROM sqlite_schema") == 0;
    if (!empty && applicationId != STORE_ID && applicationId != BACKUP_ID) {
      throw new StoreUnusable(
          "%s is not a Parley store (application id %#x): set store.data to another directory"
              .formatted(database, applicationId),
          null);
    }
  }

  private static int applicationId(Path database) {
    if (!Files.exists(database)) {
      return 0;
    }
    ByteBuffer id = ByteBuffer.allocate(Integer.BYTES);
    try (FileChannel channel = FileChannel.open(database)) {
      return channel.read(id, APPLICATION_ID_AT) == Integer.BYTES ? id.getInt(0) : 0;
    } catch (IOException e) {
      throw new StoreUnusable("%s cannot be read (%s)".formatted(database, e), e);
    }
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private static String meta(Path database, Statement statement, String key) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery("SELECT value FROM meta WHERE key='" + key + "'")) {
      if (!rows.next()) {
        throw new StoreUnusable("%s has no %s: restore a backup".formatted(database, key), null);
      }
      return rows.getString(1);
    }
  }

  private static String random() {
    return Long.toUnsignedString(new SecureRandom().nextLong(), Character.MAX_RADIX);
  }
}
