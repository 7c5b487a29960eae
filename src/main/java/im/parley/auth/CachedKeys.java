package im.parley.auth;

import com.nimbusds.jose.JWSAlgorithm;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that can change, held in memory and loaded again when they age or when a token names one
 * that is not known. Any thread.
 *
 * <p>Nothing here runs on a timer: a verification that finds the keys too old has them loaded. One
 * load runs at a time and all who need it share it. A load replaces all keys, so what its owner has
 * withdrawn is gone; a failed one changes nothing until the keys have not been confirmed for {@link
 * #OUTAGE_MS}.
 */
final class CachedKeys implements KeySource {
  /** How long keys are used that could not be confirmed. */
  static final long OUTAGE_MS = 3_600_000;

  /** Each holds its token, so that this bounds what waits at 8 MB. */
  static final int MAX_WAITING = 1_024;

  /** A clock that steps back by less is being disciplined, not set. */
  private static final long SET_BACK_MS = 60_000;

  private static final Logger log = LoggerFactory.getLogger(CachedKeys.class);

  /**
   * When to load.
   *
   * @param refreshMs the age at which keys are loaded again, while the old ones still serve
   * @param waitMs the age from which a verification waits for that, as after an idle night
   * @param pauseMs from one load's start to the next, whatever is asked
   * @param emptyPauseMs the same while there is no key at all
   */
  record Pace(long refreshMs, long waitMs, long pauseMs, long emptyPauseMs) {
    /** A look at a file's stamp costs microseconds, so no change waits longer than a second. */
    static final Pace FILE = new Pace(1_000, 1_000, 1_000, 1_000);

    static final Pace URL = new Pace(300_000, 600_000, 10_000, 1_000);
  }

  /**
   * One moment of the cache. While {@code loading} is there, only its load replaces the state; else
   * anybody may, by comparing.
   *
   * @param keys the keys of the last load that worked
   * @param loadedMs when that was
   * @param refreshMs the age at which these keys are loaded again
   * @param triedMs when the last load began
   * @param failed whether the last load failed
   * @param loading the load under way, or null
   */
  private record State(
      KeySet keys,
      long loadedMs,
      long refreshMs,
      long triedMs,
      boolean failed,
      Promise<Void> loading) {}

  private final Supplier<Future<LoadedKeys>> loader;
  private final Pace pace;
  private final Vertx vertx;
  private final Clock clock;
  private final AtomicReference<State> state;
  private final AtomicInteger waiting = new AtomicInteger();

  private CachedKeys(
      Supplier<Future<LoadedKeys>> loader, Pace pace, State first, Vertx vertx, Clock clock) {
    this.loader = loader;
    this.pace = pace;
    this.state = new AtomicReference<>(first);
    this.vertx = vertx;
    this.clock = clock;
  }

  /** The keys of a file, of which {@code first} were just read. */
  static CachedKeys file(
      Supplier<Future<LoadedKeys>> loader, KeySet first, Vertx vertx, Clock clock) {
    long now = clock.millis();
    return new CachedKeys(
        loader,
        Pace.FILE,
        new State(first, now, Pace.FILE.refreshMs, now, false, null),
        vertx,
        clock);
  }

  /** The keys behind a URL; the first load begins here. */
  static CachedKeys remote(Supplier<Future<LoadedKeys>> loader, Vertx vertx, Clock clock) {
    State none = new State(KeySet.EMPTY, 0, Pace.URL.refreshMs, 0, true, null);
    CachedKeys keys = new CachedKeys(loader, Pace.URL, none, vertx, clock);
    keys.load();
    return keys;
  }

  @Override
  public Future<VerificationKey> find(JWSAlgorithm algorithm, String id) {
    State now = state.get();
    long age = age(now.loadedMs);
    // In an outage nobody waits for a load that will likely fail like the last one.
    if (age < (now.failed ? OUTAGE_MS : pace.waitMs)) {
      if (age >= now.refreshMs) {
        load();
      }
      Optional<VerificationKey> key = now.keys.find(algorithm, id);
      if (key.isPresent()) {
        return Future.succeededFuture(key.get());
      }
    }
    return awaitLoad().map(loaded -> findNow(algorithm, id));
  }

  private VerificationKey findNow(JWSAlgorithm algorithm, String id) {
    State now = state.get();
    if (now.keys.size() == 0 || age(now.loadedMs) >= OUTAGE_MS) {
      throw new Refusal(
          ErrorCode.BUSY,
          "the keys for tokens cannot be had just now, expected a later try",
          retryMs(now));
    }
    return now.keys
        .find(algorithm, id)
        .orElseThrow(
            () ->
                now.failed
                    ? new Refusal(
                        ErrorCode.BUSY,
                        "the newest keys cannot be had just now, expected a later try",
                        retryMs(now))
                    : new Refusal(ErrorCode.UNAUTHORIZED, "the token's key is not known"));
  }

  /**
   * Completes on the caller's context when the load that is due or under way has ended; at once if
   * none is.
   */
  private Future<Void> awaitLoad() {
    Future<Void> load = load();
    if (load.isComplete()) {
      return load;
    }
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          new Refusal(
              ErrorCode.BUSY,
              "more than " + MAX_WAITING + " tokens wait for keys, expected a later try"));
    }
    // The load belongs to the context of whoever began it.
    Context context = vertx.getOrCreateContext();
    Promise<Void> mine = Promise.promise();
    load.onComplete(
        ended -> {
          waiting.decrementAndGet();
          context.runOnContext(back -> mine.complete());
        });
    return mine.future();
  }

  /** Begins a load unless one is under way or it is too soon. The future never fails. */
  private Future<Void> load() {
    while (true) {
      State now = state.get();
      if (now.loading != null) {
        return now.loading.future();
      }
      if (age(now.triedMs) < pause(now)) {
        return Future.succeededFuture();
      }
      Promise<Void> loading = Promise.promise();
      State begun =
          new State(now.keys, now.loadedMs, now.refreshMs, clock.millis(), now.failed, loading);
      if (state.compareAndSet(now, begun)) {
        Future.succeededFuture()
            .compose(go -> loader.get())
            .onComplete(loaded -> end(begun, loaded), failure -> fail(begun, failure));
        return loading.future();
      }
    }
  }

  private void end(State begun, LoadedKeys loaded) {
    long refreshMs = Math.min(pace.refreshMs, Math.max(pace.pauseMs, loaded.maxAge().toMillis()));
    if (loaded.keys().size() == 0) {
      log.warn("the key set has no RSA or P-256 key for signatures, no token can be verified");
    } else if (begun.failed) {
      log.info("keys for tokens loaded [keys: {}]", loaded.keys().size());
    }
    state.set(new State(loaded.keys(), clock.millis(), refreshMs, begun.triedMs, false, null));
    begun.loading.complete();
  }

  private void fail(State begun, Throwable failure) {
    if (!begun.failed || begun.keys.size() == 0) {
      log.warn(
          "keys for tokens cannot be loaded, known ones serve for an hour [known: {}, cause: {}]",
          begun.keys.size(),
          failure.getMessage());
    }
    state.set(new State(begun.keys, begun.loadedMs, begun.refreshMs, begun.triedMs, true, null));
    begun.loading.complete();
  }

  private long pause(State now) {
    return now.keys.size() == 0 ? pace.emptyPauseMs : pace.pauseMs;
  }

  private long retryMs(State now) {
    return Math.max(1_000, pause(now) - age(now.triedMs));
  }

  /**
   * Milliseconds since {@code thenMs}; for ever if the clock was set back by much, so that nothing
   * is kept for too long.
   */
  private long age(long thenMs) {
    long age = clock.millis() - thenMs;
    return age < -SET_BACK_MS ? Long.MAX_VALUE : Math.max(0, age);
  }
}
