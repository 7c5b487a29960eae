package im.parley.loadtest.verify.client;

import im.parley.loadtest.verify.history.Event.Read;
import im.parley.loadtest.verify.history.Stored;
import im.parley.loadtest.wire.Target;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reads conversations back through one target, each whole and as one of its members. */
final class Audit {
  private static final int NOT_MEMBER = 1101;
  private static final int NOT_FOUND = 1103;
  private static final int PAGE = 200;

  private final Net net;
  private final Target target;

  Audit(Net net, Target target) {
    this.net = net;
    this.target = target;
  }

  /** Reads a log and writes it into the history once it is whole. */
  Future<Void> read(String member, String conversation) {
    return new Errand(net, target, member)
        .run(calls -> page(calls, conversation, 0, new ArrayList<>()))
        .onSuccess(pages -> pages.forEach(net.recorder()::record))
        .mapEmpty();
  }

  private Future<List<Read>> page(Calls calls, String conversation, long after, List<Read> pages) {
    return calls
        .call(
            "history",
            new JsonObject()
                .put("conversation", conversation)
                .put("after", after)
                .put("limit", PAGE))
        .compose(
            reply -> {
              Read read = read(conversation, reply);
              pages.add(read);
              if (!read.more()) {
                return Future.succeededFuture(pages);
              }
              long last = read.messages().get(read.messages().size() - 1).offset();
              return page(calls, conversation, last, pages);
            },
            failure -> {
              if (failure instanceof ErrorReply error && isUnknown(error, conversation)) {
                pages.add(new Read(target.toString(), conversation, "", 1, 0, false, List.of()));
                return Future.succeededFuture(pages);
              }
              return Future.failedFuture(failure);
            });
  }

  /** Two users who never wrote to each other have no conversation. */
  private static boolean isUnknown(ErrorReply error, String conversation) {
    return conversation.startsWith("direct:")
        && (error.code() == NOT_MEMBER || error.code() == NOT_FOUND);
  }

  private Read read(String conversation, JsonObject reply) {
    return new Read(
        target.toString(),
        conversation,
        reply.getString("epoch"),
        reply.getLong("first"),
        reply.getLong("head"),
        reply.getBoolean("more"),
        reply.getJsonArray("messages").stream()
            .map(JsonObject.class::cast)
            .map(Stored::of)
            .toList());
  }
}
