package im.parley.store.sqlite;

import im.parley.store.StoreUnusable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest messages of all logs on the medium, in the order of arrival, a record for each group.
 * Confined to the writer.
 *
 * <p>There are two files, written in turn. Each turn is a generation: when the messages of one are
 * to be moved to their places, the next begins in the other file, from its beginning; and when they
 * have been moved, their file is free for the generation after that. The database knows up to which
 * generation everything has been moved ({@code meta.journal}), so a crash at any moment leaves one
 * or two generations to be read.
 */
final class Journal implements AutoCloseable {
  // SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_FULL
  private static final int IO_ERROR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;

  private static final String MOVED = "SELECT value FROM meta WHERE key='journal'";
  private static final String SET_MOVED = "INSERT OR REPLACE INTO meta VALUES('journal', ?)";

  private final JournalFile[] files;
  private long generation;
  private int number;
  private long end;

  private Journal(JournalFile[] files, long generation) {
    this.files = files;
    this.generation = generation;
  }

  /** What is to be moved yet of one generation; its payloads are as they were appended. */
  record Rest(long generation, JournalFile.Content content) {}

  /** A journal, and the one or two generations that are to be moved yet, the older first. */
  record Opened(Journal journal, List<Rest> rests) {}

  /**
   * Opens the journal beside {@code database}, which is {@code sql}'s, making it when there is
   * none.
   *
   * @param store names the store: records of another one are not taken
   */
  static Opened open(Path database, long store, Sql sql) throws SQLException {
    try {
      for (int i = 0; i < 2; i++) {
        long owner = JournalFile.owner(file(database, i));
        if (owner != 0 && owner != store) {
          throw new StoreUnusable(
              "%s is of another store than %s: move it away".formatted(file(database, i), database),
              null);
        }
      }
      List<Rest> rests = read(database, store, moved(sql), true);
      Journal journal = new Journal(openFiles(database, store), moved(sql) + 1);
      if (!rests.isEmpty()) {
        journal.goOnAfter(rests.get(rests.size() - 1));
      }
      return new Opened(journal, rests);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * What is to be moved yet, the older generation first.
   *
   * @param strict see {@link JournalFile#read}
   */
  static List<Rest> read(Path database, long store, long moved, boolean strict) throws IOException {
    List<Rest> rests = new ArrayList<>();
    for (long generation = moved + 1; generation <= moved + 2; generation++) {
      JournalFile.Content content =
          JournalFile.read(file(database, generation), store, generation, strict);
      if (!content.payloads().isEmpty()) {
        rests.add(new Rest(generation, content));
      }
    }
    return rests;
  }

  /** The generation up to which everything is in its place. */
  static long moved(Sql sql) throws SQLException {
    return sql.number(MOVED, 0);
  }

  /** Notes that everything up to {@code generation} is in its place. */
  static void moved(Sql sql, long generation) throws SQLException {
    sql.update(SET_MOVED, generation);
  }

  /** One of the two files beside {@code database}: that of {@code generation}. */
  static Path file(Path database, long generation) {
    return database.resolveSibling("parley.journal-" + (generation & 1));
  }

  private static JournalFile[] openFiles(Path database, long store) throws IOException {
    JournalFile first = JournalFile.open(file(database, 0), store);
    try {
      JournalFile second = JournalFile.open(file(database, 1), store);
      try (FileChannel directory =
          FileChannel.open(database.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
        directory.force(true); // the names of new files
      }
      return new JournalFile[] {first, second};
    } catch (IOException e) {
      first.close();
      throw e;
    }
  }

  /**
   * The last record may have been read from memory and not be on the medium: it is written anew.
   */
  private void goOnAfter(Rest rest) throws IOException {
    generation = rest.generation();
    number = rest.content().payloads().size();
    byte[] last = rest.content().payloads().get(number - 1);
    end = present().write(rest.content().lastAt(), generation, number - 1, last, last.length);
  }

  /** Appends a record, which is on the medium on return. */
  void append(byte[] record, int length) throws SQLException {
    try {
      end = present().write(end, generation, number, record, length);
      number++;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** What is appended from now on is of the next generation; all before the present is moved. */
  void turn() {
    generation++;
    number = 0;
    end = 0;
  }

  long generation() {
    return generation;
  }

  /** Bytes of the present generation on the medium. */
  long bytes() {
    return end;
  }

  private JournalFile present() {
    return files[(int) (generation & 1)];
  }

  @Override
  public void close() {
    for (JournalFile file : files) {
      try {
        file.close();
      } catch (IOException ignored) {
        // What was written is on the medium.
      }
    }
  }

  private static SQLException failure(IOException e) {
    int code =
        e instanceof JournalFile.JournalDamaged
            ? CORRUPT
            : String.valueOf(e.getMessage()).contains("No space left") ? FULL : IO_ERROR;
    return new SQLException("journal: " + e.getMessage(), e.toString(), code);
  }
}
