package im.parley.grpc;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Fields;
import im.parley.protocol.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.grpc.common.GrpcHeaderNames;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of one method. It ends exactly once, by whatever comes first: an answer, a refusal, its
 * deadline, or that the caller is gone; what comes later is dropped. Its event loop only, but for
 * {@link #then}.
 */
final class Call<Q, R> {
  private static final Logger log = LoggerFactory.getLogger(Call.class);

  private final GrpcServerRequest<Q, R> request;
  private final GrpcServerResponse<Q, R> response;
  private final ContextInternal context = ContextInternal.current();
  private Runnable onEnd = () -> {};
  private long deadline = -1;
  private boolean ended;

  Call(GrpcServerRequest<Q, R> request) {
    this.request = request;
    this.response = request.response();
    request.errorHandler(reset -> finish()); // the caller cancelled this stream
    request.exceptionHandler(failure -> lost());
    response.exceptionHandler(failure -> lost());
    request.invalidMessageHandler(
        invalid ->
            refuse(
                new Refusal(
                    ErrorCode.TOO_LARGE,
                    "a message has at most " + GrpcVerticle.MAX_MESSAGE_BYTES + " bytes")));
    startDeadline();
  }

  /** Handles a method of one request and one reply. */
  static <Q, R> Handler<GrpcServerRequest<Q, R>> unary(Function<Q, Future<R>> useCase) {
    return request -> {
      Call<Q, R> call = new Call<>(request);
      call.first(message -> call.then(attempt(useCase, message), call::answer));
    };
  }

  /** What {@code useCase} comes to; what it throws is a failure like any other. */
  static <Q, R> Future<R> attempt(Function<Q, Future<R>> useCase, Q message) {
    try {
      return useCase.apply(message);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Hands over the first message; further ones are ignored, and none at all is refused. */
  void first(Consumer<Q> action) {
    request.handler(
        message -> {
          request.handler(null);
          request.endHandler(null);
          action.accept(message);
        });
    request.endHandler(none -> refuse(Fields.wrong("request", "one message", null)));
  }

  /**
   * Goes on with the result on the call's event loop, unless the call has ended; a failure refuses
   * the call.
   */
  <T> void then(Future<T> future, Consumer<T> action) {
    done(
        future,
        result -> {
          if (result.failed()) {
            refuse(result.cause());
          } else {
            action.accept(result.result());
          }
        });
  }

  /** Like {@link #then} but with failures. */
  <T> void done(Future<T> future, Consumer<AsyncResult<T>> action) {
    future.onComplete(
        result ->
            // Results come on threads of the store; a stream is written on its own loop only.
            context.runOnContext(
                v -> {
                  if (!ended) {
                    action.accept(result);
                  }
                }));
  }

  /** Writes one message of a stream. */
  void write(R message) {
    if (!ended) {
      onStream(() -> response.write(message));
    }
  }

  /** Ends with the one reply. */
  void answer(R message) {
    if (finish()) {
      onStream(() -> response.end(message));
    }
  }

  /** Ends a stream well. */
  void end() {
    if (finish()) {
      onStream(response::end);
    }
  }

  /** Ends with a refusal. */
  void refuse(Throwable failure) {
    if (finish()) {
      if (!(failure instanceof Refusal)) {
        log.warn("call failed [method: {}]", request.fullMethodName(), failure);
      }
      Refusal refusal = Refusal.of(failure);
      onStream(
          () -> {
            GrpcRefusals.describe(refusal, response.trailers());
            return response
                .status(GrpcRefusals.status(refusal.code()))
                .statusMessage(GrpcRefusals.text(refusal))
                .end();
          });
    }
  }

  /** Ends with a status that says nothing of the request. */
  void end(GrpcStatus status, String text) {
    if (finish()) {
      onStream(() -> response.status(status).statusMessage(text).end());
    }
  }

  /** Ends, because the caller's connection is gone. */
  void lost() {
    finish();
  }

  /** Runs {@code action} when the call ends, however it does. */
  void onEnd(Runnable action) {
    onEnd = action;
  }

  boolean ended() {
    return ended;
  }

  GrpcServerRequest<Q, R> request() {
    return request;
  }

  GrpcServerResponse<Q, R> response() {
    return response;
  }

  ContextInternal context() {
    return context;
  }

  private boolean finish() {
    if (ended) {
      return false;
    }
    ended = true;
    if (deadline >= 0) {
      context.owner().cancelTimer(deadline);
    }
    // What the caller still sends is read and dropped, so that its stream can close.
    request.handler(null);
    request.endHandler(null);
    request.resume();
    onEnd.run();
    return true;
  }

  private void startDeadline() {
    if (request.headers().contains(GrpcHeaderNames.GRPC_TIMEOUT)) {
      Vertx vertx = context.owner();
      long millis = Math.max(1, request.timeout()); // 0 for one of microseconds
      deadline =
          vertx.setTimer(
              millis, id -> end(GrpcStatus.DEADLINE_EXCEEDED, "deadline of " + millis + " ms"));
    }
  }

  /** The caller may have reset the stream a moment ago, which the library reports by throwing. */
  private void onStream(Writing writing) {
    try {
      writing.write();
    } catch (IllegalStateException gone) {
      log.debug("call ended by its caller [method: {}]", request.fullMethodName());
      finish();
    }
  }

  private interface Writing {
    Future<Void> write();
  }
}
