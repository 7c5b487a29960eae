package im.parley.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A statement over a list of rows, as a table of values in its text; each statement is a step of
 * its own into SQLite, so that rows are taken 64 and 8 at a time.
 */
final class Rows {
  private static final int[] SIZES = {64, 8, 1};

  private final String[] texts = new String[SIZES.length];
  private final int columns;

  /** {@code text} has {@code %s} where the rows go. */
  Rows(String text, int columns) {
    this.columns = columns;
    String row = "(" + ",?".repeat(columns).substring(1) + ")";
    for (int i = 0; i < SIZES.length; i++) {
      texts[i] = text.formatted((("," + row).repeat(SIZES[i])).substring(1));
    }
  }

  /** Binds a row, its first column at {@code at}. */
  interface Binder<T> {
    void bind(PreparedStatement statement, int at, T row) throws SQLException;
  }

  /** Does something with a statement whose rows are bound. */
  interface Step {
    void run(PreparedStatement statement) throws SQLException;
  }

  /** Runs {@code step} for all rows, in their order. */
  <T> void each(Sql sql, List<T> rows, Binder<T> binder, Step step) throws SQLException {
    int done = 0;
    for (int i = 0; i < SIZES.length; i++) {
      while (rows.size() - done >= SIZES[i]) {
        PreparedStatement statement = sql.statement(texts[i]);
        for (int row = 0; row < SIZES[i]; row++) {
          binder.bind(statement, 1 + row * columns, rows.get(done + row));
        }
        step.run(statement);
        done += SIZES[i];
      }
    }
  }
}
