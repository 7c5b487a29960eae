package im.parley.grpc;

import im.parley.chat.Chat;
import im.parley.chat.Reading;
import im.parley.grpc.v1.HistoryRequest;
import im.parley.grpc.v1.HistoryResponse;
import im.parley.grpc.v1.Message;
import im.parley.grpc.v1.MessagesGrpcService;
import im.parley.protocol.Fields;
import im.parley.store.LogPage;
import io.vertx.core.Future;
import io.vertx.grpc.server.Service;

/** parley.v1.Messages. */
final class MessageCalls {
  private final Sends sends;
  private final Reading reading;

  MessageCalls(Chat chat) {
    sends = new Sends(chat.sending());
    reading = chat.reading();
  }

  Service service() {
    return Service.service(MessagesGrpcService.SERVICE_NAME, MessagesGrpcService.SERVICE_DESCRIPTOR)
        .bind(MessagesGrpcService.Send, Call.unary(sends::send))
        .bind(
            MessagesGrpcService.SendMany,
            request -> new SendStream(new Call<>(request), sends).start())
        .bind(MessagesGrpcService.History, Call.unary(this::history))
        .build();
  }

  private Future<HistoryResponse> history(HistoryRequest request) {
    String conversation = request.getConversation();
    if (request.getLimit() < 0) {
      throw Fields.wrong("limit", "0 or more", request.getLimit());
    }
    int limit = request.getLimit() == 0 ? reading.pageLimit() : request.getLimit();
    Future<LogPage> page =
        switch (request.getFromCase()) {
          case AFTER -> reading.after(conversation, atLeast("after", request.getAfter(), 0), limit);
          case BEFORE ->
              reading.before(conversation, atLeast("before", request.getBefore(), 1), limit);
          case FROM_NOT_SET -> reading.before(conversation, Long.MAX_VALUE, limit);
        };
    return page.map(MessageCalls::response);
  }

  private static long atLeast(String name, long offset, long least) {
    if (offset < least) {
      throw Fields.wrong(name, "an offset of at least " + least, offset);
    }
    return offset;
  }

  private static HistoryResponse response(LogPage page) {
    HistoryResponse.Builder response =
        HistoryResponse.newBuilder()
            .setConversation(page.conversation())
            .setEpoch(page.epoch())
            .setFirst(page.first())
            .setHead(page.head())
            .setMore(page.more());
    page.messages().forEach(message -> response.addMessages(message(message)));
    return response.build();
  }

  private static Message message(im.parley.protocol.Message message) {
    return Message.newBuilder()
        .setId(message.id())
        .setConversation(message.conversation())
        .setEpoch(message.epoch())
        .setOffset(message.offset())
        .setFrom(message.from())
        .setPlatform(message.platform())
        .setTime(message.time())
        .setCid(message.cid())
        .setType(message.type())
        .setJson(message.body())
        .build();
  }
}
