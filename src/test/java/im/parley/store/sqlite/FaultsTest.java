package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator is told. */
class FaultsTest {
  // SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_NOTADB; an extended code has
  // its primary one in the low byte.
  @ParameterizedTest
  @CsvSource({
    "10, check disk",
    "266, check disk",
    "11, restored backup",
    "13, free space",
    "14, limit of open files",
    "26, restored backup"
  })
  void says_what_to_do_and_what_sqlite_said(int code, String advice) {
    assertThat(Faults.advice(new SQLException("said", null, code))).contains(advice, "(said)");
  }
}
