package im.parley.grpc;

import static im.parley.testing.Waiting.await;
import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.grpc.v1.ListSessionsRequest;
import im.parley.grpc.v1.ListSessionsResponse;
import im.parley.grpc.v1.SessionsGrpcClient;
import im.parley.grpc.v1.SessionsGrpcService;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call's ends, over a real connection. */
class CallIT {
  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Function<ListSessionsRequest, Future<ListSessionsResponse>>>
      useCase = new AtomicReference<>();
  private final AtomicInteger ends = new AtomicInteger();
  private Caller caller;

  @BeforeEach
  void listen() {
    GrpcServer grpc =
        GrpcServer.server(vertx, new GrpcServerOptions().setScheduleDeadlineAutomatically(false));
    grpc.callHandler(
        SessionsGrpcService.List,
        request -> {
          Call<ListSessionsRequest, ListSessionsResponse> call = new Call<>(request);
          call.onEnd(ends::incrementAndGet);
          call.first(message -> call.then(Call.attempt(useCase.get(), message), call::answer));
        });
    HttpServer server = await(vertx.createHttpServer().requestHandler(grpc).listen(0, "127.0.0.1"));
    caller = new Caller(vertx, SocketAddress.inetSocketAddress(server.actualPort(), "127.0.0.1"));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @ParameterizedTest
  @EnumSource(value = ErrorCode.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void a_refusal_is_a_status_with_its_reason_in_the_trailers(ErrorCode code) {
    useCase.set(request -> Future.failedFuture(new Refusal(code, "line\nüber 100 %", 1234)));

    Caller.Outcome<ListSessionsResponse> outcome = list();

    assertThat(outcome.status()).isEqualTo(GrpcRefusals.status(code));
    assertThat(outcome.reason()).isEqualTo(code.name());
    assertThat(outcome.retryAfter()).isEqualTo(code.retryable() ? "1234" : null);
    assertThat(outcome.text()).isEqualTo("line\nüber 100 %");
    assertThat(outcome.replies()).isEmpty();
  }

  @Test
  void a_fault_is_internal_and_keeps_its_cause_to_itself() {
    useCase.set(
        request -> {
          throw new IllegalStateException("secret");
        });

    Caller.Outcome<ListSessionsResponse> outcome = list();

    assertThat(outcome.status()).isEqualTo(GrpcStatus.INTERNAL);
    assertThat(outcome.reason()).isEqualTo("SERVER_ERROR");
    assertThat(outcome.text()).doesNotContain("secret");
  }

  @Test
  void a_deadline_ends_the_call_and_a_late_answer_is_dropped() {
    Promise<ListSessionsResponse> never = Promise.promise();
    useCase.set(request -> never.future());

    Caller.Outcome<ListSessionsResponse> outcome =
        caller.call(
            SessionsGrpcClient.List,
            ListSessionsRequest.getDefaultInstance(),
            Map.of("grpc-timeout", "20m"));
    never.complete(ListSessionsResponse.getDefaultInstance());

    assertThat(outcome.status()).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
    assertThat(ends).hasValue(1);
    useCase.set(request -> Future.succeededFuture(ListSessionsResponse.getDefaultInstance()));
    assertThat(list().status()).isEqualTo(GrpcStatus.OK);
  }

  @Test
  void a_deadline_of_microseconds_is_a_deadline() {
    useCase.set(request -> Promise.<ListSessionsResponse>promise().future());

    assertThat(
            caller
                .call(
                    SessionsGrpcClient.List,
                    ListSessionsRequest.getDefaultInstance(),
                    Map.of("grpc-timeout", "1u"))
                .status())
        .isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
  }

  @Test
  void an_answer_from_another_thread_arrives() {
    Promise<ListSessionsResponse> later = Promise.promise();
    useCase.set(
        request -> {
          new Thread(() -> later.complete(ListSessionsResponse.getDefaultInstance())).start();
          return later.future();
        });

    assertThat(list().status()).isEqualTo(GrpcStatus.OK);
  }

  @Test
  void a_call_without_a_message_is_refused() {
    GrpcClientRequest<ListSessionsRequest, ListSessionsResponse> request =
        await(caller.client.request(caller.address, SessionsGrpcClient.List));
    Future<Caller.Outcome<ListSessionsResponse>> outcome =
        request.response().compose(Caller::outcome);
    request.end();

    assertThat(await(outcome).reason()).isEqualTo("ILLEGAL_PARAMETER");
  }

  @Test
  void a_message_that_cannot_be_decoded_ends_only_its_call() {
    useCase.set(request -> Future.succeededFuture(ListSessionsResponse.getDefaultInstance()));
    GrpcClientRequest<ListSessionsRequest, ListSessionsResponse> request =
        await(caller.client.request(caller.address, SessionsGrpcClient.List));
    Future<Void> response = request.response().mapEmpty();
    request.endMessage(GrpcMessage.message("identity", Buffer.buffer(new byte[] {10, 120, 1, 2})));

    until("the call failed", response::isComplete);
    assertThat(response.failed()).isTrue();
    assertThat(list().status()).isEqualTo(GrpcStatus.OK);
  }

  @Test
  void a_cancelled_call_ends() throws Exception {
    GrpcClientRequest<ListSessionsRequest, ListSessionsResponse> request = unanswered();

    request.cancel();

    until("the server noticed", () -> ends.get() == 1);
  }

  @Test
  void a_lost_connection_ends_its_calls() throws Exception {
    GrpcClientRequest<ListSessionsRequest, ListSessionsResponse> request = unanswered();

    request.connection().close();

    until("the server noticed", () -> ends.get() == 1);
  }

  private Caller.Outcome<ListSessionsResponse> list() {
    return caller.call(SessionsGrpcClient.List, ListSessionsRequest.getDefaultInstance());
  }

  /** A call that has arrived and is never answered. */
  private GrpcClientRequest<ListSessionsRequest, ListSessionsResponse> unanswered()
      throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    useCase.set(
        request -> {
          arrived.countDown();
          return Promise.<ListSessionsResponse>promise().future();
        });
    GrpcClientRequest<ListSessionsRequest, ListSessionsResponse> request =
        await(caller.client.request(caller.address, SessionsGrpcClient.List));
    request.end(ListSessionsRequest.getDefaultInstance());
    assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
    return request;
  }
}
