package im.parley.store.sqlite;

import java.nio.file.Path;

/** Placeholder for the class of this name on the branch of the store. */
public final class SqliteBackup {
  private SqliteBackup() {}

  /** Copies the store in {@code dataDir} to {@code target}. */
  public static void run(Path dataDir, Path target) {
    throw new UnsupportedOperationException("no backups yet");
  }
}
