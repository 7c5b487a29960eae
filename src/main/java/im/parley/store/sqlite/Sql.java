package im.parley.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * One connection with its prepared statements, confined to one thread at a time. It is always
 * inside a transaction, which begins with the first statement and ends with {@link #commit} or
 * {@link #release}.
 *
 * <p>After an exception that {@link Faults#ofStatement} does not excuse, the connection is to be
 * closed and not used again: SQLite may have ended the transaction by itself, and then further
 * statements would be committed one by one.
 */
final class Sql implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sql.class);
  private static final int PAGE_BYTES = 4096;
  private static final int WRITER_CACHE_KIB = 2 * 1024;
  private static final int READER_CACHE_KIB = 4 * 1024;
  private static final int BUSY_TIMEOUT_MS = 10_000;
  private static final long KEPT_WAL_BYTES = 64L << 20;

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private boolean changed;

  private Sql(Connection connection) {
    this.connection = connection;
  }

  /**
   * The connection that writes. {@code checkpointPages} is how long the write-ahead log grows
   * before a commit folds it in.
   */
  static Sql writer(Path database, int checkpointPages) throws SQLException {
    Sql sql = open(database, WRITER_CACHE_KIB, false);
    sql.outsideTransaction("PRAGMA wal_autocheckpoint=" + checkpointPages);
    return sql;
  }

  /** A connection that only reads. */
  static Sql reader(Path database) throws SQLException {
    return open(database, READER_CACHE_KIB, true);
  }

  /** The connection to a copy that nobody else has open; it keeps no write-ahead log. */
  static Sql copy(Path database) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    connection.setAutoCommit(false);
    return new Sql(connection);
  }

  private static Sql open(Path database, int cacheKib, boolean queryOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setPageSize(PAGE_BYTES);
    config.setSynchronous(SynchronousMode.FULL);
    config.setTransactionMode(TransactionMode.DEFERRED);
    config.setCacheSize(-cacheKib);
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    config.setJournalSizeLimit((int) KEPT_WAL_BYTES);
    // No mmap: a medium that fails under a mapping ends the process with SIGBUS instead of an
    // error.
    config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, "0");
    Connection connection = config.createConnection("jdbc:sqlite:" + database);
    try {
      if (queryOnly) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA query_only=1");
        }
      }
      connection.setAutoCommit(false);
      return new Sql(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Makes an object of the row that the cursor is on. */
  interface Row<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** What a transaction does. */
  interface Work {
    void run(Sql sql) throws SQLException;
  }

  /** Statements that live or die together. */
  interface Step<T> {
    T run() throws SQLException;
  }

  /** The statement of {@code sql}, prepared once. */
  PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** Changes rows and says how many. */
  int update(String sql, Object... arguments) throws SQLException {
    return update(bind(sql, arguments));
  }

  /** Runs a statement of {@link #statement} that changes rows and says how many. */
  int update(PreparedStatement statement) throws SQLException {
    changed = true;
    return statement.executeUpdate();
  }

  /** Whether the transaction has changed anything. */
  boolean hasChanged() {
    return changed;
  }

  /** All rows. */
  <T> List<T> list(String sql, Row<T> row, Object... arguments) throws SQLException {
    List<T> found = new ArrayList<>();
    try (ResultSet rows = bind(sql, arguments).executeQuery()) {
      while (rows.next()) {
        found.add(row.map(rows));
      }
    }
    return found;
  }

  /** The first row, or null. */
  <T> T first(String sql, Row<T> row, Object... arguments) throws SQLException {
    try (ResultSet rows = bind(sql, arguments).executeQuery()) {
      return rows.next() ? row.map(rows) : null;
    }
  }

  /** The first column of the first row; {@code absent} when there is no row or it is null. */
  long number(String sql, long absent, Object... arguments) throws SQLException {
    Long found =
        first(sql, row -> row.getObject(1) == null ? null : (Long) row.getLong(1), arguments);
    return found == null ? absent : found;
  }

  /** Runs {@code step}; when it throws, none of its statements has happened. */
  <T> T atomically(Step<T> step) throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    T result;
    try {
      result = step.run();
    } catch (SQLException | RuntimeException e) {
      connection.rollback(savepoint);
      connection.releaseSavepoint(savepoint);
      throw e;
    }
    connection.releaseSavepoint(savepoint);
    return result;
  }

  /** Ends the transaction; on return it is on the medium. */
  void commit() throws SQLException {
    connection.commit();
    changed = false;
  }

  /** Ends the transaction without keeping its changes; a reader gives its snapshot back. */
  void release() throws SQLException {
    connection.rollback();
    changed = false;
  }

  /**
   * Runs {@code work} in a transaction of its own, which has happened as a whole or, if the power
   * fails before the next {@link #commit}, not at all; that spares its fsync.
   * https://sqlite.org/pragma.html#pragma_synchronous
   */
  void lazily(Work work) throws SQLException {
    outsideTransaction("PRAGMA synchronous=NORMAL");
    work.run(this);
    commit();
    outsideTransaction("PRAGMA synchronous=FULL");
  }

  /** Runs text that is no part of a transaction, between two of them. */
  void outsideTransaction(String text) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
    connection.setAutoCommit(false);
  }

  /** Runs text with several statements inside the transaction. */
  void script(String text) throws SQLException {
    changed = true;
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(text);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Closes a connection that may have failed already; null for none. */
  static void discard(Sql sql) {
    if (sql != null) {
      try {
        sql.close();
      } catch (SQLException e) {
        log.debug("closing a failed connection", e);
      }
    }
  }

  private PreparedStatement bind(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = statement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }
}
