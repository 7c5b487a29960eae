package im.parley.store.sqlite;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of the store, from the caller's thread to the store's and back. */
final class Pending<T> {
  private static final Logger log = LoggerFactory.getLogger(Pending.class);

  /** What is asked of the database. */
  interface Work<T> {
    /**
     * Throws a {@link Refusal} for an expected outcome, before its first change or inside {@link
     * Sql#atomically}.
     */
    T run(Sql sql) throws SQLException;
  }

  private final Work<T> work;
  // No context: handlers run at once on the thread that settles.
  private final Promise<T> promise = Promise.promise();
  private T result;
  private Refusal refusal;

  Pending(Work<T> work) {
    this.work = work;
  }

  Work<T> work() {
    return work;
  }

  Future<T> future() {
    return promise.future();
  }

  /** Runs the work and keeps what it came to; throws only when the transaction is lost. */
  void run(Sql sql) throws SQLException {
    try {
      result = work.run(sql);
    } catch (Refusal e) {
      refusal = e;
    } catch (SQLException e) {
      if (!Faults.ofStatement(e)) {
        throw e;
      }
      log.error("statement failed", e);
      refusal = new Refusal(ErrorCode.SERVER_ERROR, "internal error");
    } catch (RuntimeException e) {
      log.error("request failed", e);
      refusal = new Refusal(ErrorCode.SERVER_ERROR, "internal error");
    }
  }

  /** Makes {@link #settle} tell that nothing was done. */
  void refuse(Refusal why) {
    refusal = why;
  }

  /** Tells the caller what {@link #run} or {@link #refuse} came to. */
  void settle() {
    if (refusal != null) {
      fail(refusal);
      return;
    }
    try {
      promise.complete(result);
    } catch (RuntimeException | Error e) {
      // One caller's handler must not decide what the others of the group are told.
      log.error("handler of a store request failed", e);
    }
  }

  /** Tells the caller that nothing was done. */
  void fail(Refusal why) {
    try {
      promise.tryFail(why);
    } catch (RuntimeException | Error e) {
      log.error("handler of a store request failed", e);
    }
  }
}
