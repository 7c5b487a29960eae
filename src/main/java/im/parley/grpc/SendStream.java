package im.parley.grpc;

import im.parley.grpc.v1.SendRefusal;
import im.parley.grpc.v1.SendRequest;
import im.parley.grpc.v1.SendResponse;
import im.parley.grpc.v1.SendResult;
import im.parley.protocol.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * One SendMany: takes as many requests as the window has room for, and writes their results in the
 * order of the requests. Event loop only.
 *
 * <p>A request leaves the window when its result is written, and results are written only while the
 * stream takes them; a caller that does not read stops its own requests. Appends to a direct
 * conversation are submitted at once and keep their order; a room's need a lookup first, so each
 * waits for the room's one before.
 */
final class SendStream {
  /** Requests read but not yet answered. */
  static final int WINDOW = 256;

  private final Call<SendRequest, SendResult> call;
  private final Sends sends;
  private final ArrayDeque<Slot> window = new ArrayDeque<>();
  private final Map<String, Future<SendResponse>> lastOfRoom = new HashMap<>();
  private boolean halfClosed;

  SendStream(Call<SendRequest, SendResult> call, Sends sends) {
    this.call = call;
    this.sends = sends;
  }

  void start() {
    call.request().pause();
    call.request().handler(this::accept);
    call.request()
        .endHandler(
            v -> {
              halfClosed = true;
              flush();
            });
    call.response().drainHandler(v -> flush());
    call.request().fetch(WINDOW);
  }

  private void accept(SendRequest request) {
    Slot slot = new Slot();
    window.add(slot);
    call.done(
        submit(request),
        outcome -> {
          slot.result = result(request.getCid(), outcome);
          flush();
        });
  }

  private Future<SendResponse> submit(SendRequest request) {
    if (!request.hasRoom()) {
      return Call.attempt(sends::send, request);
    }
    String room = request.getRoom();
    Future<SendResponse> before = lastOfRoom.get(room);
    Future<SendResponse> sent =
        before == null || before.isComplete()
            ? Call.attempt(sends::send, request)
            : before.transform(any -> Call.attempt(sends::send, request));
    lastOfRoom.put(room, sent);
    call.done(sent, any -> lastOfRoom.remove(room, sent));
    return sent;
  }

  private void flush() {
    int written = 0;
    while (!window.isEmpty() && window.peek().result != null && !call.response().writeQueueFull()) {
      call.write(window.poll().result);
      written++;
    }
    if (call.ended()) {
      return;
    }
    if (halfClosed && window.isEmpty()) {
      call.end();
    } else if (written > 0) {
      call.request().fetch(written);
    }
  }

  private static SendResult result(String cid, AsyncResult<SendResponse> outcome) {
    SendResult.Builder result = SendResult.newBuilder().setCid(cid);
    if (outcome.succeeded()) {
      return result.setSent(outcome.result()).build();
    }
    Refusal refusal = Refusal.of(outcome.cause());
    return result
        .setRefused(
            SendRefusal.newBuilder()
                .setReason(refusal.code().name())
                .setText(GrpcRefusals.text(refusal))
                .setRetryAfterMs(refusal.code().retryable() ? refusal.retryAfterMs() : 0))
        .build();
  }

  /** The place of one request's result. */
  private static final class Slot {
    private SendResult result;
  }
}
