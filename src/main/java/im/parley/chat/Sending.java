package im.parley.chat;

import im.parley.config.ChatConfig;
import im.parley.metrics.Metrics;
import im.parley.protocol.ConversationId;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Fields;
import im.parley.protocol.Json;
import im.parley.protocol.Message;
import im.parley.protocol.Push;
import im.parley.protocol.Refusal;
import im.parley.session.Audience;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import im.parley.store.Appended;
import im.parley.store.Draft;
import im.parley.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends messages: appends to the log, then routes what was stored. Any thread.
 *
 * <p>Futures complete on a thread of the store, after the message is durable and in the order of
 * offsets; the push is routed before, on the same thread, so that pushes leave in that order too.
 */
public final class Sending {
  /** Longest user id, in UTF-8 bytes. */
  public static final int MAX_USER_BYTES = 64;

  /** Longest client id of a message, in UTF-8 bytes. */
  public static final int MAX_CID_BYTES = 64;

  private static final Set<String> TYPES =
      Set.of("text", "img", "voice", "video", "file", "custom");

  private final Store store;
  private final Router router;
  private final ChatConfig config;
  private final MessageIds ids;
  private final Clock clock;
  private final Metrics metrics;

  Sending(
      Store store, Router router, ChatConfig config, MessageIds ids, Clock clock, Metrics metrics) {
    this.store = store;
    this.router = router;
    this.config = config;
    this.ids = ids;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Sends to a user. */
  public Future<Appended> toUser(Sender sender, String user, Content content) {
    check(content);
    if (!Fields.isIdentifier(user, MAX_USER_BYTES)) {
      throw Fields.wrong("to.user", "a user id of 1 to " + MAX_USER_BYTES + " bytes", user);
    }
    String conversation = ConversationId.direct(sender.user(), user);
    List<String> members =
        sender.user().equals(user) ? List.of(user) : List.of(sender.user(), user);
    return append(
        draft(sender, conversation, members, content), Audience.users(user, sender.user()), sender);
  }

  /** Sends to a room; {@code member} when the caller knows that the sender is a member. */
  public Future<Appended> toRoom(Sender sender, String room, Content content, boolean member) {
    check(content);
    if (member) {
      return appendToRoom(sender, room, content);
    }
    return store
        .rooms()
        .room(room)
        .compose(found -> store.conversations().isMember(sender.user(), found.conversation()))
        .compose(
            isMember ->
                isMember
                    ? appendToRoom(sender, room, content)
                    : Future.failedFuture(
                        new Refusal(
                            ErrorCode.NOT_MEMBER, "to.room: you are not a member of " + room)));
  }

  /** Tells the others in a conversation that the session's user is typing. Nothing is stored. */
  public void typing(Session session, String conversation) {
    String topic;
    if (ConversationId.isRoom(conversation)) {
      String room = ConversationId.roomOf(conversation);
      topic = session.rooms().contains(room) ? Topics.room(room) : null;
    } else {
      String peer = ConversationId.peer(conversation, session.user());
      topic = peer == null ? null : Topics.user(peer);
    }
    if (topic == null) {
      throw new Refusal(ErrorCode.NOT_MEMBER, "conversation: you are not a member of it");
    }
    Push push =
        Push.droppable("typing", "", Map.of("conversation", conversation, "user", session.user()));
    router.route(push, Audience.of(topic).butUser(session.user()));
  }

  private Future<Appended> appendToRoom(Sender sender, String room, Content content) {
    return append(
        draft(sender, ConversationId.room(room), List.of(), content),
        Audience.of(Topics.room(room)),
        sender);
  }

  private Future<Appended> append(Draft draft, Audience audience, Sender sender) {
    metrics.sends.increment();
    Promise<Appended> told = Promise.promise();
    store
        .messages()
        .append(
            draft,
            appended -> {
              told.complete(appended); // first: the reply need not wait behind deliveries to a room
              if (appended.duplicate()) {
                metrics.duplicates.increment();
              } else {
                router.route(Push.of(appended.message()), audience.but(sender.session()));
              }
            })
        .onFailure(
            refused -> {
              metrics.refusedSend(Refusal.of(refused).code());
              told.fail(refused);
            });
    return told.future();
  }

  private Draft draft(Sender sender, String conversation, List<String> members, Content content) {
    return new Draft(
        ids.next(),
        conversation,
        members,
        sender.user(),
        sender.platform(),
        clock.millis(),
        content.cid(),
        content.type(),
        content.body());
  }

  private void check(Content content) {
    if (!Fields.isIdentifier(content.cid(), MAX_CID_BYTES)) {
      throw Fields.wrong(
          "cid", "a string of 1 to " + MAX_CID_BYTES + " bytes that is yours alone", content.cid());
    }
    if (!TYPES.contains(content.type())) {
      throw Fields.wrong("type", "text, img, voice, video, file or custom", content.type());
    }
    if (content.body().length() > config.maxBodyBytes()
        || Fields.utf8Length(content.body()) > config.maxBodyBytes()) {
      throw new Refusal(
          ErrorCode.TOO_LARGE,
          "the message's fields have more than " + config.maxBodyBytes() + " bytes as JSON");
    }
  }

  /** The reply to a send. */
  public static Object reply(Appended appended) {
    Message message = appended.message();
    return (Json.Writable)
        json -> {
          json.beginObject();
          json.field("id", message.id());
          json.field("conversation", message.conversation());
          json.field("epoch", message.epoch());
          json.field("offset", message.offset());
          json.field("time", message.time());
          json.field("duplicate", appended.duplicate());
          json.endObject();
        };
  }
}
