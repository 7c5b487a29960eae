package im.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.CloseCode;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Push;
import im.parley.protocol.Refusal;
import im.parley.session.Connection;
import im.parley.session.Session;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.List;

/** One client of an {@link Interleaving}: what it is told, and when. */
final class TestDevice implements Connection {
  final LoginRequest request;
  final List<String> pushes = new ArrayList<>();
  private final Interleaving world;
  private Session session;
  private boolean refused;
  private CloseCode closed;
  private int answered;
  private int sentAway;

  TestDevice(Interleaving world, String platform, String device) {
    this.world = world;
    boolean isNative = !platform.startsWith("1");
    this.request = new LoginRequest("amy", platform, device, null, isNative, null);
  }

  /** Begins to log in. */
  TestDevice on(SimulatedNode node, int gateway) {
    node.login(gateway, request, this).onComplete(this::answered);
    return this;
  }

  private void answered(AsyncResult<Session> result) {
    answered = world.now();
    if (result.succeeded()) {
      session = result.result();
    } else {
      refused = true;
      assertThat(result.cause())
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.OPERATION_FAILED));
    }
  }

  /** Whether its login was answered well and nobody sent it away. */
  boolean isOnline() {
    return session != null && closed == null;
  }

  boolean isAnswered() {
    return refused || session != null;
  }

  boolean isRefused() {
    return refused;
  }

  /** Whether there was a moment at which both took themselves for online. */
  boolean metOnline(TestDevice other) {
    return session != null
        && other.session != null
        && answered < other.end()
        && other.answered < end();
  }

  private int end() {
    return closed == null ? Integer.MAX_VALUE : sentAway;
  }

  CloseCode closed() {
    return closed;
  }

  Session session() {
    return session;
  }

  @Override
  public void send(Push push) {
    pushes.add(push.action());
    if (push.action().equals("kick") && sentAway == 0) {
      sentAway = world.now();
    }
  }

  @Override
  public void disconnect(CloseCode code) {
    closed = closed == null ? code : closed;
  }

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

  @Override
  public String toString() {
    return "%s/%s [answered: %d, refused: %s, closed: %s at %d, session: %s]"
        .formatted(
            request.platform(),
            request.device(),
            answered,
            refused,
            closed,
            sentAway,
            session == null ? 0 : session.id());
  }
}
