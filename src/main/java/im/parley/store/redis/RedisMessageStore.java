package im.parley.store.redis;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Message;
import im.parley.protocol.Refusal;
import im.parley.store.Appended;
import im.parley.store.Draft;
import im.parley.store.LogPage;
import im.parley.store.MessageStore;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Consumer;

/** The logs: functions {@code append} and {@code page}. */
final class RedisMessageStore implements MessageStore {
  private final Gate writes;
  private final Gate reads;
  private final Shards shards;
  private final Openings openings;
  private final Epochs epochs;

  RedisMessageStore(Gate writes, Gate reads, Shards shards, Openings openings, Epochs epochs) {
    this.writes = writes;
    this.reads = reads;
    this.shards = shards;
    this.openings = openings;
    this.epochs = epochs;
  }

  @Override
  public Future<Appended> append(Draft draft, Consumer<Appended> stored) {
    return writes.enter(() -> openings.after(draft, () -> send(draft).onSuccess(stored::accept)));
  }

  @Override
  public Future<LogPage> readAfter(String conversation, long offset, int limit) {
    return page(conversation, "after", offset, limit)
        .map(
            page -> {
              long reached =
                  page.messages().isEmpty()
                      ? Math.max(offset, page.first() - 1)
                      : page.messages().get(page.messages().size() - 1).offset();
              return withMore(page, reached < page.head());
            });
  }

  @Override
  public Future<LogPage> readBefore(String conversation, long offset, int limit) {
    return page(conversation, "before", offset, limit)
        .map(
            page ->
                withMore(
                    page,
                    !page.messages().isEmpty() && page.messages().get(0).offset() > page.first()));
  }

  private Future<Appended> send(Draft draft) {
    String conversation = draft.conversation();
    byte[] name = Entry.name(draft.from(), draft.cid());
    byte[] record = Entry.of(draft);
    return shards
        .write(
            Keys.head(conversation),
            reign -> {
              Request request =
                  Call.write(
                          "append",
                          Keys.head(conversation),
                          Keys.log(conversation),
                          Keys.cids(conversation),
                          Keys.members(conversation),
                          Keys.users(conversation))
                      .arg(reign)
                      .arg(epochs.draw())
                      .arg(name)
                      .arg(record)
                      .arg(draft.time());
              draft.members().forEach(request::arg);
              return request;
            })
        .map(answer -> appended(draft, Answers.sound(answer)));
  }

  private static Appended appended(Draft draft, Response answer) {
    String epoch = Answers.text(answer, 1);
    long offset = Answers.number(answer, 2);
    if (answer.size() == 3) {
      return new Appended(message(draft, epoch, offset), false);
    }
    Message first = Entry.message(draft.conversation(), epoch, offset, answer.get(3).toBytes());
    if (!first.type().equals(draft.type()) || !first.body().equals(draft.body())) {
      throw new Refusal(
          ErrorCode.CONFLICT,
          "cid %s was used before in this conversation for another message".formatted(draft.cid()));
    }
    return new Appended(first, true);
  }

  private static Message message(Draft draft, String epoch, long offset) {
    return new Message(
        draft.id(),
        draft.conversation(),
        epoch,
        offset,
        draft.from(),
        draft.platform(),
        draft.time(),
        draft.cid(),
        draft.type(),
        draft.body());
  }

  private Future<LogPage> page(String conversation, String direction, long offset, int limit) {
    return reads.enter(
        () ->
            epochs
                .read(
                    conversation,
                    reign ->
                        Call.read("page", Keys.head(conversation), Keys.log(conversation))
                            .arg(direction)
                            .arg(offset)
                            .arg(limit))
                .map(answer -> page(conversation, answer)));
  }

  private static LogPage page(String conversation, Response answer) {
    String epoch = Epochs.in(answer);
    List<Message> messages = Answers.messages(answer, 4, conversation, epoch);
    return new LogPage(
        conversation, epoch, Answers.number(answer, 2), Answers.number(answer, 3), messages, false);
  }

  private static LogPage withMore(LogPage page, boolean more) {
    return new LogPage(
        page.conversation(), page.epoch(), page.first(), page.head(), page.messages(), more);
  }
}
