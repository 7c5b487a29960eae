package im.parley.store.sqlite;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import java.sql.SQLException;

/** What SQLite's errors mean for a request and for the store. */
final class Faults {
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANNOT_OPEN = 14;
  private static final int TOO_BIG = 18;
  private static final int CONSTRAINT = 19;
  private static final int MISMATCH = 20;
  private static final int RANGE = 25;
  private static final int NOT_A_DATABASE = 26;

  private Faults() {}

  /** Whether only the statement failed, and the transaction goes on. */
  static boolean ofStatement(SQLException e) {
    return switch (primary(e)) {
      case TOO_BIG, CONSTRAINT, MISMATCH, RANGE -> true;
      default -> false;
    };
  }

  /** Whether the file itself is damaged: writing on would spread the damage. */
  static boolean ofFile(SQLException e) {
    int code = primary(e);
    return code == CORRUPT || code == NOT_A_DATABASE;
  }

  /** What the operator should know and do. */
  static String advice(SQLException e) {
    if (ofFile(e)) {
      return "the database file is damaged; writes are refused until a restart with a restored backup (%s)"
          .formatted(e.getMessage());
    }
    if (primary(e) == FULL) {
      return "the disk is full; free space on it, writes go on by themselves (%s)"
          .formatted(e.getMessage());
    }
    if (primary(e) == CANNOT_OPEN) {
      return "a file cannot be opened; check the limit of open files and permissions, the store tries again by itself (%s)"
          .formatted(e.getMessage());
    }
    return "the medium fails; check disk, quota and permissions, the store tries again by itself (%s)"
        .formatted(e.getMessage());
  }

  /** The answer to whoever asked; the cause is for the log alone. */
  static Refusal unavailable(String what) {
    return new Refusal(ErrorCode.STORE_UNAVAILABLE, what);
  }

  // The low byte is the primary result code. https://sqlite.org/rescode.html
  private static int primary(SQLException e) {
    return e.getErrorCode() & 0xff;
  }
}
