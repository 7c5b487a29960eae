package im.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.cluster.NodeInfo;
import im.parley.cluster.StandaloneCluster;
import im.parley.config.Config;
import im.parley.metrics.Metrics;
import im.parley.protocol.CloseCode;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Push;
import im.parley.protocol.Refusal;
import im.parley.session.Connection;
import im.parley.session.Gateway;
import im.parley.session.LocalTopics;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import im.parley.store.sqlite.SqliteStore;
import im.parley.testing.TestNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two logins of which the first is held up just before it registers, until the second is through:
 * nobody was there for the second to replace, so the first has to give way.
 */
class LateLoginTest {
  @TempDir Path data;
  private final List<DefaultEventLoop> loops =
      List.of(new DefaultEventLoop(), new DefaultEventLoop());
  private final List<Gateway> gateways = new ArrayList<>();
  private final HeldUp topics = new HeldUp();
  private SqliteStore store;
  private Chat chat;

  @BeforeEach
  void open() {
    Config config = Config.of(Map.of("data", data.toString()));
    store = SqliteStore.open(config.store(), Clock.systemUTC());
    for (int i = 0; i < 2; i++) {
      gateways.add(new Gateway(i, loops.get(i), topics));
    }
    Router router =
        new Router(
            new StandaloneCluster(NodeInfo.starting(1, "test")),
            topics,
            gateways,
            store.messages());
    Metrics metrics = new Metrics(new SimpleMeterRegistry());
    chat =
        new Chat(
            config, store, router, null, metrics, Clock.systemUTC(), NodeInfo.starting(1, "test"));
  }

  @AfterEach
  void close() throws Exception {
    TestNode.await(store.close());
    loops.forEach(DefaultEventLoop::shutdownGracefully);
  }

  @Test
  void of_a_native_user_the_later_session_stays() throws Exception {
    LoginRequest request = new LoginRequest("amy", "web", "tab", null, true, null);
    topics.before(Topics.user("amy"), () -> login(1, request));
    Throwable refused = TestNode.await(login(0, request).transform(done -> cause(done.cause())));
    assertThat(refused)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.OPERATION_FAILED));
    assertThat(TestNode.await(chat.logins().sessions("amy"))).hasSize(1);
    assertThat(topics.gateways(Topics.user("amy"))).isEqualTo(0b10);
  }

  @Test
  void of_a_prim_identity_the_later_session_owns_it() throws Exception {
    LoginRequest request = new LoginRequest("amy", "101", "", null, false, null);
    String identity = Topics.identity(101, "amy");
    topics.before(identity, () -> login(1, request));
    Session first = TestNode.await(login(0, request));
    TestNode.await(first::state, state -> state == Session.State.DISOWNED, "the earlier session");
    assertThat(topics.gateways(identity)).isEqualTo(0b10);
    assertThat(topics.gateways(Topics.lobby(101))).isEqualTo(0b10);
  }

  private Future<Session> login(int gateway, LoginRequest request) {
    Promise<Session> promise = Promise.promise();
    loops
        .get(gateway)
        .execute(
            () ->
                chat.logins()
                    .login(gateways.get(gateway), new Silent(), request)
                    .onComplete(promise));
    return promise.future();
  }

  private static Future<Throwable> cause(Throwable failure) {
    return Future.succeededFuture(failure);
  }

  /** Topics that do something else before it registers a topic for the first time. */
  private static final class HeldUp extends LocalTopics {
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile String topic;
    private volatile Supplier<Future<Session>> first;

    HeldUp() {
      super(new StandaloneCluster(NodeInfo.starting(1, "test")));
    }

    void before(String topic, Supplier<Future<Session>> first) {
      this.topic = topic;
      this.first = first;
    }

    @Override
    public void register(String topic, int gateway) {
      if (topic.equals(this.topic) && done.compareAndSet(false, true)) {
        try {
          TestNode.await(first.get());
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      super.register(topic, gateway);
    }
  }

  /** A connection of which nothing is seen. */
  private static final class Silent implements Connection {
    @Override
    public void send(Push push) {}

    @Override
    public void disconnect(CloseCode code) {}

    @Override
    public int lastSeen() {
      return 0;
    }

    @Override
    public int now() {
      return 0;
    }

    @Override
    public String remote() {
      return "192.0.2.1:1";
    }
  }
}
