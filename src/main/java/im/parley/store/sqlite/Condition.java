package im.parley.store.sqlite;

import im.parley.store.Store.StoreHealth;
import java.nio.file.Path;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the medium works, as the last attempts have shown. Any thread; it logs each change once.
 */
final class Condition {
  private static final Logger log = LoggerFactory.getLogger(Condition.class);

  private final Path database;
  // Guarded by this; the reference is volatile for cheap reading.
  private volatile StoreHealth health = new StoreHealth(true, true, "");
  private volatile boolean damaged;

  Condition(Path database) {
    this.database = database;
  }

  StoreHealth health() {
    return health;
  }

  /** Whether the file is damaged, after which nothing is written any more. */
  boolean damaged() {
    return damaged;
  }

  synchronized void writeFailed(SQLException e) {
    damaged |= Faults.ofFile(e);
    become(new StoreHealth(health.readable(), false, Faults.advice(e)));
  }

  synchronized void readFailed(SQLException e) {
    if (Faults.ofFile(e)) {
      // Other pages may be sound: reading goes on, writing does not.
      damaged = true;
      become(new StoreHealth(health.readable(), false, Faults.advice(e)));
    } else {
      become(new StoreHealth(false, health.writable(), Faults.advice(e)));
    }
  }

  void writeWorked() {
    if (!health.writable() && !damaged) {
      synchronized (this) {
        become(new StoreHealth(health.readable(), true, health.readable() ? "" : health.detail()));
      }
    }
  }

  void readWorked() {
    if (!health.readable()) {
      synchronized (this) {
        become(new StoreHealth(true, health.writable(), health.writable() ? "" : health.detail()));
      }
    }
  }

  private void become(StoreHealth now) {
    StoreHealth before = health;
    health = now;
    if (before.readable() == now.readable() && before.writable() == now.writable()) {
      return;
    }
    if (now.readable() && now.writable()) {
      log.info("store works again [file: {}]", database);
    } else {
      log.error(
          "store fails: {} [file: {}, readable: {}, writable: {}]",
          now.detail(),
          database,
          now.readable(),
          now.writable());
    }
  }
}
