package im.parley.store.redis;

import im.parley.config.StoreConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/**
 * Trims logs by age and count: walks over all conversations, at most once a minute in the whole
 * cluster, and slowly, so that it takes a small part of Redis' time. A log loses a prefix only, and
 * its {@code first} says up to where.
 *
 * <p>What is trimmed is out of reach at once; it is removed when it is 24 hours old, for until then
 * it is what a repeated send is answered with. Store loop only.
 */
final class Sweep {
  private static final long ROUND_MS = Duration.ofMinutes(1).toMillis();
  private static final long PAUSE_MS = 50;
  private static final long REMEMBERED_MS = Duration.ofHours(24).toMillis();
  private static final int SCANNED = 500;
  private static final int SLICE = 500;

  private final StoreConfig config;
  private final Vertx vertx;
  private final Shards shards;
  private final Clock clock;
  private final Tally tally;
  private boolean closed;

  Sweep(StoreConfig config, Vertx vertx, Shards shards, Clock clock, Tally tally) {
    this.config = config;
    this.vertx = vertx;
    this.shards = shards;
    this.clock = clock;
    this.tally = tally;
  }

  void start() {
    if (config.retentionAge().isZero() && config.retentionCount() == 0) {
      return;
    }
    vertx.setTimer(
        ROUND_MS,
        due -> {
          if (!closed) {
            takeTurn()
                .compose(mine -> mine ? round(PAUSE_MS) : Future.succeededFuture())
                .onComplete(done -> start());
          }
        });
  }

  void close() {
    closed = true;
  }

  /** A whole round at once. */
  Future<Void> round() {
    return round(0);
  }

  private Future<Void> round(long pauseMs) {
    return walk(shards.readers().iterator(), pauseMs);
  }

  /** Whether this node has the round of this minute. */
  private Future<Boolean> takeTurn() {
    return shards
        .write(
            Keys.SWEEP,
            reign ->
                Request.cmd(Command.SET)
                    .arg(Keys.SWEEP)
                    .arg("")
                    .arg("NX")
                    .arg("PX")
                    .arg(ROUND_MS - PAUSE_MS))
        .map(answer -> answer != null);
  }

  private Future<Void> walk(Iterator<Link> links, long pauseMs) {
    return links.hasNext()
        ? scan(links.next(), "0", pauseMs).compose(done -> walk(links, pauseMs))
        : Future.succeededFuture();
  }

  private Future<Void> scan(Link link, String cursor, long pauseMs) {
    return link.send(
            reign ->
                Request.cmd(Command.SCAN)
                    .arg(cursor)
                    .arg("MATCH")
                    .arg(Keys.HEADS)
                    .arg("COUNT")
                    .arg(SCANNED))
        .compose(
            answer -> {
              List<Future<Void>> trimmed =
                  answer.get(1).stream()
                      .map(key -> Keys.conversationOf(key.toString(StandardCharsets.UTF_8)))
                      .map(this::trim)
                      .toList();
              String next = answer.get(0).toString();
              return Future.all(trimmed)
                  .compose(done -> pause(pauseMs))
                  .compose(
                      done ->
                          next.equals("0") || closed
                              ? Future.succeededFuture()
                              : scan(link, next, pauseMs));
            });
  }

  private Future<Void> trim(String conversation) {
    long now = clock.millis();
    long age = config.retentionAge().toMillis();
    return shards
        .write(
            Keys.head(conversation),
            reign ->
                Call.write(
                        "trim",
                        Keys.head(conversation),
                        Keys.log(conversation),
                        Keys.cids(conversation))
                    .arg(age == 0 ? 0 : now - age)
                    .arg(config.retentionCount())
                    .arg(now - REMEMBERED_MS)
                    .arg(SLICE))
        .compose(
            answer -> {
              tally.trimmed(Answers.number(Answers.sound(answer), 1));
              return more(answer) ? trim(conversation) : Future.succeededFuture();
            });
  }

  private static boolean more(Response answer) {
    return Answers.text(answer, 0).equals("1");
  }

  private Future<Void> pause(long ms) {
    if (ms == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> over = Promise.promise();
    vertx.setTimer(ms, due -> over.complete());
    return over.future();
  }
}
