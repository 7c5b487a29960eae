package im.parley.store.sqlite;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.store.Appended;
import im.parley.store.Draft;
import im.parley.store.LogPage;
import im.parley.store.MessageStore;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs: appended to by the writer through {@link Appender}, read through {@link LogReader} by
 * the readers.
 */
final class SqliteMessageStore implements MessageStore {
  private static final Logger log = LoggerFactory.getLogger(SqliteMessageStore.class);

  private final Writer writer;
  private final Readers readers;
  private final LogReader reader;
  private final Appender appender;
  private final CidKeys keys;

  SqliteMessageStore(
      Writer writer, Readers readers, LogReader reader, Appender appender, CidKeys keys) {
    this.writer = writer;
    this.readers = readers;
    this.reader = reader;
    this.appender = appender;
    this.keys = keys;
  }

  @Override
  public Future<Appended> append(Draft draft, Consumer<Appended> stored) {
    try {
      return writer.submit(new Append(draft, keys, appender::append), stored);
    } catch (RuntimeException e) {
      log.error("draft cannot be packed", e);
      return Future.failedFuture(new Refusal(ErrorCode.SERVER_ERROR, "internal error"));
    }
  }

  @Override
  public Future<LogPage> readAfter(String conversation, long offset, int limit) {
    return readers.submit(sql -> reader.after(sql, conversation, offset, limit));
  }

  @Override
  public Future<LogPage> readBefore(String conversation, long offset, int limit) {
    return readers.submit(sql -> reader.before(sql, conversation, offset, limit));
  }
}
