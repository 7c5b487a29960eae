package im.parley.store.sqlite;

import im.parley.store.Appended;
import im.parley.store.Draft;
import java.sql.SQLException;

/**
 * An append on its way to the writer; what can be made of its draft before is made on the caller's
 * thread.
 */
final class Append implements Pending.Work<Appended> {
  final Draft draft;
  final byte[] packed;
  final int key;
  private final Step step;

  /** What the writer does with it. */
  interface Step {
    Appended run(Sql sql, Append append) throws SQLException;
  }

  Append(Draft draft, CidKeys keys, Step step) {
    this.draft = draft;
    this.packed = Packed.of(draft);
    this.key = keys.of(packed);
    this.step = step;
  }

  @Override
  public Appended run(Sql sql) throws SQLException {
    return step.run(sql, this);
  }
}
