package im.parley.store.redis;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Message;
import im.parley.protocol.Refusal;
import im.parley.store.ConversationPage;
import im.parley.store.ConversationState;
import im.parley.store.ConversationStore;
import im.parley.store.Marks;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Membership and marks: functions {@code state}, {@code mark} and {@code members}. */
final class RedisConversationStore implements ConversationStore {
  private static final Role[] ROLES = Role.values();

  private final Gate writes;
  private final Gate reads;
  private final Shards shards;
  private final Epochs epochs;

  RedisConversationStore(Gate writes, Gate reads, Shards shards, Epochs epochs) {
    this.writes = writes;
    this.reads = reads;
    this.shards = shards;
    this.epochs = epochs;
  }

  @Override
  public Future<ConversationPage> conversations(String user, String afterConversation, int limit) {
    return reads.enter(() -> gather(user, afterConversation, limit, new ArrayList<>()));
  }

  @Override
  public Future<ConversationState> conversation(String user, String conversation) {
    return reads.enter(
        () ->
            state(user, conversation)
                .map(
                    state -> {
                      if (state == null) {
                        throw stranger(user, conversation);
                      }
                      return state;
                    }));
  }

  @Override
  public Future<Marks> mark(String user, String conversation, long delivered, long read) {
    return writes.enter(
        () ->
            shards
                .write(
                    Keys.head(conversation),
                    reign ->
                        Call.write(
                                "mark",
                                Keys.head(conversation),
                                Keys.log(conversation),
                                Keys.members(conversation))
                            .arg(user)
                            .arg(delivered)
                            .arg(read))
                .map(
                    answer -> {
                      if (Answers.sound(answer).size() == 0) {
                        throw stranger(user, conversation);
                      }
                      return new Marks(
                          Answers.number(answer, 1),
                          Answers.number(answer, 2),
                          Answers.text(answer, 0).equals("1"));
                    }));
  }

  @Override
  public Future<List<MemberMarks>> marks(String conversation, int limit) {
    return reads.enter(
        () ->
            page(conversation, "", limit)
                .map(
                    answer -> {
                      List<MemberMarks> marks = new ArrayList<>();
                      for (int i = 0; i + 1 < answer.size(); i += 2) {
                        String[] fields = Answers.text(answer, i + 1).split(" ");
                        marks.add(
                            new MemberMarks(
                                Answers.text(answer, i),
                                Long.parseLong(fields[3]),
                                Long.parseLong(fields[4])));
                      }
                      return List.copyOf(marks);
                    }));
  }

  @Override
  public Future<List<Member>> members(String conversation, String afterUser, int limit) {
    return reads.enter(
        () ->
            page(conversation, afterUser, limit)
                .map(
                    answer -> {
                      List<Member> members = new ArrayList<>();
                      for (int i = 0; i + 1 < answer.size(); i += 2) {
                        String[] fields = Answers.text(answer, i + 1).split(" ");
                        members.add(
                            new Member(
                                Answers.text(answer, i),
                                ROLES[Integer.parseInt(fields[0])],
                                Long.parseLong(fields[2])));
                      }
                      return List.copyOf(members);
                    }));
  }

  @Override
  public Future<Boolean> isMember(String user, String conversation) {
    return reads.enter(() -> isMember(shards, user, conversation));
  }

  /** Whether {@code user} is a member. Store loop only. */
  static Future<Boolean> isMember(Shards shards, String user, String conversation) {
    String key = Keys.members(conversation);
    return shards
        .read(key, reign -> Request.cmd(Command.HEXISTS).arg(key).arg(user))
        .map(answer -> answer.toInteger() == 1);
  }

  /** A page of a list whose entries all have the score 0. Store loop only. */
  static Future<List<String>> list(Shards shards, String key, String after, int limit) {
    return shards
        .read(
            key,
            reign ->
                Request.cmd(Command.ZRANGEBYLEX)
                    .arg(key)
                    .arg(start(after))
                    .arg("+")
                    .arg("LIMIT")
                    .arg(0)
                    .arg(limit))
        .map(
            answer ->
                answer.stream().map(entry -> entry.toString(StandardCharsets.UTF_8)).toList());
  }

  private static String start(String after) {
    return after.isEmpty() ? "-" : '(' + after;
  }

  /** A list may name conversations that the user is not in: they are passed over. */
  private Future<ConversationPage> gather(
      String user, String after, int limit, List<ConversationState> found) {
    int asked = limit + 1 - found.size();
    return list(shards, Keys.userConversations(user), after, asked)
        .compose(
            names -> {
              List<Future<ConversationState>> states =
                  names.stream().map(name -> state(user, name)).toList();
              return Future.all(states)
                  .compose(
                      all -> {
                        states.stream()
                            .map(Future::result)
                            .filter(Objects::nonNull)
                            .forEach(found::add);
                        return names.size() < asked || found.size() > limit
                            ? Future.succeededFuture(page(found, limit))
                            : gather(user, names.get(names.size() - 1), limit, found);
                      });
            });
  }

  private static ConversationPage page(List<ConversationState> found, int limit) {
    boolean more = found.size() > limit;
    return new ConversationPage(List.copyOf(more ? found.subList(0, limit) : found), more);
  }

  private Future<Response> page(String conversation, String after, int limit) {
    return shards
        .read(
            Keys.members(conversation),
            reign ->
                Call.read("members", Keys.members(conversation), Keys.users(conversation))
                    .arg(start(after))
                    .arg(limit))
        .map(Answers::sound);
  }

  /** Null when the user is no member. */
  private Future<ConversationState> state(String user, String conversation) {
    return epochs
        .read(
            conversation,
            reign ->
                Call.read(
                        "state",
                        Keys.head(conversation),
                        Keys.log(conversation),
                        Keys.members(conversation))
                    .arg(user)
                    .arg(Entry.name(user)))
        .map(answer -> answer.size() == 0 ? null : state(conversation, answer));
  }

  private static ConversationState state(String conversation, Response answer) {
    String epoch = Epochs.in(answer);
    List<Message> last = Answers.messages(answer, 7, conversation, epoch);
    return new ConversationState(
        conversation,
        epoch,
        Answers.number(answer, 2),
        Answers.number(answer, 3),
        Answers.number(answer, 4),
        Answers.number(answer, 5),
        Answers.number(answer, 6),
        last.isEmpty() ? null : last.get(0));
  }

  private static Refusal stranger(String user, String conversation) {
    return new Refusal(
        ErrorCode.NOT_MEMBER, "%s is not a member of %s".formatted(user, conversation));
  }
}
