package im.parley.grpc;

import static im.parley.testing.Waiting.await;
import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.grpc.v1.ListSessionsRequest;
import im.parley.grpc.v1.ListSessionsResponse;
import im.parley.grpc.v1.MessagesGrpcClient;
import im.parley.grpc.v1.SendRequest;
import im.parley.grpc.v1.SendResponse;
import im.parley.grpc.v1.SessionsGrpcClient;
import io.grpc.examples.protobuf.AccServerGrpcClient;
import io.grpc.examples.protobuf.GetUserListReq;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListRequest;
import io.vertx.grpc.health.v1.HealthListResponse;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionResponse;
import io.vertx.grpc.reflection.v1.ServiceResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port itself: who may call, what it tells of itself, and what it bears. */
class GrpcPortIT {
  private static final ServiceName HEALTH = ServiceName.create("grpc.health.v1.Health");
  private static final ServiceMethod<HealthCheckResponse, HealthCheckRequest> CHECK =
      ServiceMethod.client(
          HEALTH,
          "Check",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HealthCheckResponse.newBuilder()));
  private static final ServiceMethod<HealthCheckResponse, HealthCheckRequest> WATCH =
      ServiceMethod.client(
          HEALTH,
          "Watch",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HealthCheckResponse.newBuilder()));
  private static final ServiceMethod<HealthListResponse, HealthListRequest> LIST =
      ServiceMethod.client(
          HEALTH,
          "List",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HealthListResponse.newBuilder()));
  private static final ServiceMethod<ServerReflectionResponse, ServerReflectionRequest> REFLECTION =
      ServiceMethod.client(
          ServiceName.create("grpc.reflection.v1.ServerReflection"),
          "ServerReflectionInfo",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(ServerReflectionResponse.newBuilder()));

  private static final Map<String, String> TOKEN =
      Map.of("authorization", "Bearer s3cret-of-the-shop");

  @TempDir Path data;
  private GrpcNode node;
  private Caller caller;

  @BeforeEach
  void start() {
    node = new GrpcNode(data, Map.of("auth.service-tokens", "s3cret-of-the-shop,other"));
    caller = new Caller(node.vertx, node.address());
  }

  @AfterEach
  void stop() {
    caller.close();
    node.close();
  }

  @Test
  void a_call_without_a_right_token_is_unauthenticated() {
    for (Map<String, String> metadata :
        List.<Map<String, String>>of(
            Map.of(),
            Map.of("authorization", "Bearer wrong"),
            Map.of("authorization", "s3cret-of-the-shop"),
            Map.of("authorization", ""))) {
      Caller.Outcome<ListSessionsResponse> outcome = list(metadata);
      assertThat(outcome.status()).isEqualTo(GrpcStatus.UNAUTHENTICATED);
      assertThat(outcome.reason()).isEqualTo("UNAUTHORIZED");
      assertThat(outcome.replies()).isEmpty();
    }
    assertThat(
            caller
                .call(AccServerGrpcClient.GetUserList, GetUserListReq.getDefaultInstance())
                .status())
        .isEqualTo(GrpcStatus.UNAUTHENTICATED);
    SendRequest message =
        SendRequest.newBuilder().setFrom("a").setUser("b").setCid("c").setText("x").build();
    assertThat(caller.call(MessagesGrpcClient.SendMany, message).status())
        .isEqualTo(GrpcStatus.UNAUTHENTICATED);
    assertThat(await(node.store.messages().readAfter("direct:a:b", 0, 1)).head()).isZero();
  }

  @Test
  void a_call_with_a_right_token_passes() {
    assertThat(list(TOKEN).status()).isEqualTo(GrpcStatus.OK);
    assertThat(list(Map.of("authorization", "bearer other")).status()).isEqualTo(GrpcStatus.OK);
    assertThat(
            caller
                .call(AccServerGrpcClient.GetUserList, GetUserListReq.getDefaultInstance(), TOKEN)
                .reply()
                .getRetCode())
        .isEqualTo(200);
  }

  @Test
  void health_follows_the_store_and_needs_no_token() {
    assertThat(health("")).isEqualTo(ServingStatus.SERVING);
    assertThat(health("parley.v1.Messages")).isEqualTo(ServingStatus.SERVING);

    node.writable.set(false);

    assertThat(health("")).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(health("protobuf.AccServer")).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(
            caller
                .call(CHECK, HealthCheckRequest.newBuilder().setService("no.Such").build())
                .status())
        .isEqualTo(GrpcStatus.NOT_FOUND);
    assertThat(caller.call(LIST, HealthListRequest.getDefaultInstance()).reply().getStatusesMap())
        .containsKeys(
            "",
            "parley.v1.Presence",
            "parley.v1.Messages",
            "parley.v1.Sessions",
            "protobuf.AccServer");
  }

  @Test
  void a_health_watch_tells_each_change() {
    List<ServingStatus> seen = new CopyOnWriteArrayList<>();
    GrpcClientRequest<HealthCheckRequest, HealthCheckResponse> request =
        await(caller.client.request(caller.address, WATCH));
    request.response().onSuccess(response -> response.handler(told -> seen.add(told.getStatus())));
    request.end(HealthCheckRequest.getDefaultInstance());

    until("it serves", () -> seen.equals(List.of(ServingStatus.SERVING)));
    node.writable.set(false);
    until(
        "it does not",
        () -> seen.equals(List.of(ServingStatus.SERVING, ServingStatus.NOT_SERVING)));
    node.writable.set(true);
    until("it does again", () -> seen.size() == 3 && seen.get(2) == ServingStatus.SERVING);
  }

  @Test
  void reflection_lists_the_services_and_describes_them_without_a_token() {
    ServerReflectionResponse services =
        caller
            .call(REFLECTION, ServerReflectionRequest.newBuilder().setListServices("*").build())
            .reply();
    assertThat(services.getListServicesResponse().getServiceList())
        .extracting(ServiceResponse::getName)
        .contains(
            "parley.v1.Presence",
            "parley.v1.Messages",
            "parley.v1.Sessions",
            "protobuf.AccServer",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection");

    ServerReflectionResponse messages =
        caller
            .call(
                REFLECTION,
                ServerReflectionRequest.newBuilder()
                    .setFileContainingSymbol("parley.v1.Messages")
                    .build())
            .reply();
    assertThat(messages.getFileDescriptorResponse().getFileDescriptorProtoList())
        .extracting(
            file ->
                com.google.protobuf.DescriptorProtos.FileDescriptorProto.parseFrom(file).getName())
        .contains("parley/v1/messages.proto", "parley/v1/types.proto");
  }

  @Test
  void reflection_answers_several_questions_on_one_stream_under_either_name() {
    for (String service :
        List.of(
            "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection")) {
      ServiceMethod<ServerReflectionResponse, ServerReflectionRequest> info =
          ServiceMethod.client(
              ServiceName.create(service),
              "ServerReflectionInfo",
              GrpcMessageEncoder.encoder(),
              GrpcMessageDecoder.decoder(ServerReflectionResponse.newBuilder()));
      List<ServerReflectionResponse> answers = new CopyOnWriteArrayList<>();
      GrpcClientRequest<ServerReflectionRequest, ServerReflectionResponse> request =
          await(caller.client.request(caller.address, info));
      request.response().onSuccess(response -> response.handler(answers::add));

      request.write(ServerReflectionRequest.newBuilder().setListServices("").build());
      until("the first answer came", () -> answers.size() == 1);
      request.write(
          ServerReflectionRequest.newBuilder()
              .setFileContainingSymbol("parley.v1.KickReason")
              .build());
      request.write(
          ServerReflectionRequest.newBuilder()
              .setFileByFilename("protobuf/im_protobuf.proto")
              .build());
      request.write(
          ServerReflectionRequest.newBuilder().setFileContainingSymbol("no.Such").build());
      request.end();
      until("all answers came", () -> answers.size() == 4);

      assertThat(answers.get(1).getFileDescriptorResponse().getFileDescriptorProtoCount())
          .isEqualTo(1);
      assertThat(answers.get(2).getFileDescriptorResponse().getFileDescriptorProtoCount())
          .isEqualTo(1);
      assertThat(answers.get(3).getErrorResponse().getErrorCode())
          .isEqualTo(GrpcStatus.NOT_FOUND.code);
      await(await(request.response()).end());
    }
  }

  @Test
  void an_unknown_method_is_unimplemented() {
    for (ServiceName service :
        List.of(ServiceName.create("parley.v1", "Messages"), ServiceName.create("no", "Such"))) {
      ServiceMethod<ListSessionsResponse, ListSessionsRequest> method =
          ServiceMethod.client(
              service,
              "Vanish",
              GrpcMessageEncoder.encoder(),
              GrpcMessageDecoder.decoder(ListSessionsResponse.newBuilder()));
      Caller.Outcome<ListSessionsResponse> outcome =
          caller.call(method, ListSessionsRequest.getDefaultInstance(), TOKEN);
      assertThat(outcome.status()).isEqualTo(GrpcStatus.UNIMPLEMENTED);
      assertThat(outcome.reason()).isEqualTo("NO_ROUTE");
    }
  }

  @Test
  void a_message_over_a_mebibyte_is_refused_and_the_connection_lives() {
    SendRequest.Builder message =
        SendRequest.newBuilder().setFrom("ann").setUser("bob").setCid("c1");

    Caller.Outcome<SendResponse> outcome =
        caller.call(MessagesGrpcClient.Send, message.setText("x".repeat(2 << 20)).build(), TOKEN);

    assertThat(outcome.status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    assertThat(outcome.reason()).isEqualTo("TOO_LARGE");
    assertThat(caller.call(MessagesGrpcClient.Send, message.setText("x").build(), TOKEN).status())
        .isEqualTo(GrpcStatus.OK);
  }

  @Test
  void a_length_that_lies_holds_nothing_up() {
    // Five bytes of a frame that promises 4 GB, and no more.
    HttpClient http = http2();
    HttpClientResponse response =
        await(
            post(http, "/parley.v1.Sessions/List", Buffer.buffer(new byte[] {0, -1, -1, -1, -1})));

    assertThat(response.getHeader("grpc-status"))
        .isEqualTo(Integer.toString(GrpcStatus.INVALID_ARGUMENT.code));
    assertThat(response.getHeader("parley-reason")).isEqualTo("TOO_LARGE");
    await(http.close());
  }

  @Test
  void compressed_messages_are_refused_rather_than_unfolded() {
    Caller.Outcome<ListSessionsResponse> announced =
        list(Map.of("authorization", TOKEN.get("authorization"), "grpc-encoding", "gzip"));
    assertThat(announced.status()).isEqualTo(GrpcStatus.UNIMPLEMENTED);

    GrpcClientRequest<ListSessionsRequest, ListSessionsResponse> request =
        await(caller.client.request(caller.address, SessionsGrpcClient.List));
    request.headers().addAll(TOKEN);
    request.encoding("gzip");
    Future<Caller.Outcome<ListSessionsResponse>> outcome =
        request.response().compose(Caller::outcome);
    request.endMessage(GrpcMessage.message("identity", Buffer.buffer(new byte[100])));
    assertThat(await(outcome).status()).isEqualTo(GrpcStatus.UNIMPLEMENTED);
  }

  @Test
  void a_compressed_flag_without_an_encoding_ends_only_its_call() {
    HttpClient http = http2();
    Future<HttpClientResponse> response =
        post(
            http,
            "/parley.v1.Sessions/List",
            Buffer.buffer(new byte[] {1, 0, 0, 0, 3, 10, 100, 1}));

    until("the call ended", response::isComplete);
    assertThat(list(TOKEN).status()).isEqualTo(GrpcStatus.OK);
    await(http.close());
  }

  @Test
  void garbage_does_no_harm() {
    Random random = new Random(42);
    for (int i = 0; i < 30; i++) {
      byte[] bytes = new byte[1 + random.nextInt(4_000)];
      random.nextBytes(bytes);
      Buffer garbage = Buffer.buffer();
      if (i % 3 == 1) {
        garbage.appendString("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"); // RFC 9113 §3.4
      } else if (i % 3 == 2) {
        garbage.appendString("GET / HTTP/1.1\r\n");
      }
      AtomicBoolean closed = new AtomicBoolean();
      NetSocket socket = await(node.vertx.createNetClient().connect(node.address()));
      socket.closeHandler(v -> closed.set(true));
      socket.exceptionHandler(lost -> closed.set(true));
      socket.write(garbage.appendBytes(bytes)).onComplete(written -> socket.end());
      until("the connection ended", closed::get);
    }
    assertThat(list(TOKEN).status()).isEqualTo(GrpcStatus.OK);
  }

  @Test
  void what_is_no_grpc_is_turned_away() {
    HttpClient http = node.vertx.createHttpClient();
    HttpClientResponse plain =
        await(
            http.request(options("/parley.v1.Sessions/List"))
                .compose(request -> request.send("x")));
    assertThat(plain.version()).isEqualTo(HttpVersion.HTTP_1_1);
    assertThat(plain.statusCode()).isEqualTo(415);
    HttpClientResponse options =
        await(
            http.request(options("*").setMethod(HttpMethod.OPTIONS))
                .compose(request -> request.send()));
    assertThat(options.statusCode()).isEqualTo(415);
    await(http.close());
  }

  private HttpClient http2() {
    return node.vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false));
  }

  private Future<HttpClientResponse> post(HttpClient http, String path, Buffer body) {
    return http.request(options(path))
        .compose(
            request -> {
              request.putHeader("content-type", "application/grpc").putHeader("te", "trailers");
              request.headers().addAll(TOKEN);
              return request.send(body);
            });
  }

  private RequestOptions options(String path) {
    return new RequestOptions().setServer(node.address()).setMethod(HttpMethod.POST).setURI(path);
  }

  private Caller.Outcome<ListSessionsResponse> list(Map<String, String> metadata) {
    return caller.call(
        SessionsGrpcClient.List, ListSessionsRequest.newBuilder().setUser("ann").build(), metadata);
  }

  private ServingStatus health(String service) {
    return caller
        .call(CHECK, HealthCheckRequest.newBuilder().setService(service).build())
        .reply()
        .getStatus();
  }
}
