package im.parley.store.sqlite;

import im.parley.protocol.Message;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Trims logs by age and count, as the writer's chore: a round looks at every conversation, in
 * slices of a few milliseconds between the groups. A log loses a prefix only, and {@code
 * conversation.first} says up to where.
 *
 * <p>What a repeated send needs of a trimmed message stays for a day from its time. Confined to the
 * writer.
 */
final class Retention implements Writer.Chore {
  private static final long ROUND_MS = Duration.ofMinutes(1).toMillis();
  private static final long REMEMBERED_MS = Duration.ofHours(24).toMillis();
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int SLICE_MESSAGES = 500;
  private static final int SLICE_CONVERSATIONS = 100;

  private static final String NEXT =
      "SELECT id, first, name FROM conversation WHERE id>? ORDER BY id LIMIT ?";
  private static final String LAST = "SELECT max(offset) FROM message WHERE conversation=?";
  private static final String OLDEST =
      "SELECT offset, entry FROM message WHERE conversation=? ORDER BY offset LIMIT ?";
  private static final String REMEMBER =
      "INSERT OR REPLACE INTO trimmed(conversation, sender, cid, offset, id, platform, time,"
          + " content) VALUES(?,?,?,?,?,?,?,?)";
  private static final String DELETE = "DELETE FROM message WHERE conversation=? AND offset<?";
  private static final String RAISE = "UPDATE conversation SET first=? WHERE id=?";
  private static final String FORGET =
      "DELETE FROM trimmed WHERE (conversation, sender, cid) IN"
          + " (SELECT conversation, sender, cid FROM trimmed WHERE time<? ORDER BY time LIMIT ?)";
  private static final String ANY_TRIMMED = "SELECT EXISTS(SELECT 1 FROM trimmed)";

  private final long ageMs;
  private final long count;
  private final Clock clock;
  private final Tally tally;

  // Writer only
  private long position;
  private boolean inRound;
  private long nextRound = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ROUND_MS);
  private boolean remembers;

  /** {@code age} and {@code count} as in {@link im.parley.config.StoreConfig}. */
  Retention(Duration age, long count, Clock clock, Tally tally) {
    this.ageMs = age.toMillis();
    this.count = count;
    this.clock = clock;
    this.tally = tally;
  }

  /** Learns from the file what is remembered; before the writer starts. */
  void prepare(Sql sql) throws SQLException {
    remembers = sql.number(ANY_TRIMMED, 0) == 1;
  }

  /** Whether a repeated send may be one of a trimmed message. */
  boolean remembersTrimmed() {
    return remembers;
  }

  @Override
  public long dueInMs() {
    return inRound ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(nextRound - System.nanoTime()));
  }

  @Override
  public void run(Sql sql) throws SQLException {
    inRound = !slice(sql);
    if (!inRound) {
      nextRound = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ROUND_MS);
    }
  }

  /** A whole round at once. */
  void round(Sql sql) throws SQLException {
    position = 0;
    boolean done = false;
    while (!done) {
      done = slice(sql);
    }
  }

  /** Starts the round anew: what the failed slice did has not happened. */
  void forgetAll() {
    position = 0;
    // Unknown until the next round ends; until then every append asks the file.
    remembers = true;
  }

  private record Span(long id, long first, String name) {}

  private boolean slice(Sql sql) throws SQLException {
    long end = System.nanoTime() + SLICE_NANOS;
    if (ageMs > 0 || count > 0) {
      List<Span> spans =
          sql.list(
              NEXT,
              row -> new Span(row.getLong(1), row.getLong(2), row.getString(3)),
              position,
              SLICE_CONVERSATIONS);
      for (Span span : spans) {
        if (trim(sql, span)) {
          position = span.id();
        }
        if (System.nanoTime() > end) {
          return false;
        }
      }
      if (!spans.isEmpty()) {
        return false;
      }
    }
    position = 0;
    if (sql.update(FORGET, clock.millis() - REMEMBERED_MS, SLICE_MESSAGES) == SLICE_MESSAGES) {
      return false;
    }
    remembers = sql.number(ANY_TRIMMED, 0) == 1;
    return true;
  }

  /** Returns whether nothing more is to be trimmed now. */
  private boolean trim(Sql sql, Span span) throws SQLException {
    long last = sql.number(LAST, 0, span.id());
    if (last == 0) {
      return true;
    }
    long now = clock.millis();
    long keptFrom = count > 0 ? last - count + 1 : 0;
    long tooOld = ageMs > 0 ? now - ageMs : Long.MIN_VALUE;
    int probe = keptFrom > span.first() ? SLICE_MESSAGES : 1;
    long first = span.first();
    // One look at the oldest message settles most logs; only those with something to trim are read
    // on.
    while (true) {
      List<Message> oldest =
          sql.list(
              OLDEST,
              row -> Packed.unpack(row.getBytes(2), span.name(), "", row.getLong(1)),
              span.id(),
              probe);
      long reached = first;
      for (Message old : oldest) {
        if (old.offset() >= keptFrom && old.time() >= tooOld) {
          break;
        }
        if (old.time() > now - REMEMBERED_MS) {
          remember(sql, span.id(), old);
        }
        reached = old.offset() + 1;
      }
      if (reached == first) {
        return true;
      }
      tally.trimmed(sql.update(DELETE, span.id(), reached));
      sql.update(RAISE, reached, span.id());
      if (probe > 1 || oldest.isEmpty()) {
        return oldest.size() < probe || reached <= oldest.get(oldest.size() - 1).offset();
      }
      first = reached;
      probe = SLICE_MESSAGES;
    }
  }

  private void remember(Sql sql, long conversation, Message old) throws SQLException {
    sql.update(
        REMEMBER,
        conversation,
        old.from(),
        old.cid(),
        old.offset(),
        old.id(),
        old.platform(),
        old.time(),
        Content.fingerprint(old.type(), old.body()));
    remembers = true;
  }
}
