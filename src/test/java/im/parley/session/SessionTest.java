package im.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.Message;
import im.parley.protocol.Push;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionTest {
  private final TestConnection connection = new TestConnection();
  private final Session session = new Session(1, "alice", "web", "", true, connection);

  @ParameterizedTest
  @EnumSource(Session.State.class)
  void only_a_live_session_gets_pushes(Session.State state) {
    session.state(state);
    session.deliver(message(1));
    session.deliver(hint());
    assertThat(connection.sent).hasSize(state == Session.State.LIVE ? 2 : 0);
  }

  @Test
  void messages_that_come_during_login_and_catch_up_wait_in_order() {
    session.catchUp();
    session.deliver(message(1));
    session.state(Session.State.LIVE);
    session.deliver(message(2));
    session.deliver(hint());
    assertThat(connection.sent).extracting(Push::action).containsExactly("typing");
    List<Push> held = new ArrayList<>();
    assertThat(session.caughtUp(held)).isFalse();
    assertThat(held).extracting(push -> push.message().offset()).containsExactly(1L, 2L);
    session.deliver(message(3));
    assertThat(connection.sent).hasSize(2);
  }

  @Test
  void more_than_can_wait_is_told_as_lost() {
    session.catchUp();
    session.state(Session.State.LIVE);
    for (int i = 1; i <= Session.MAX_HELD + 1; i++) {
      session.deliver(message(i));
    }
    List<Push> held = new ArrayList<>();
    assertThat(session.caughtUp(held)).isTrue();
    assertThat(held).hasSize(Session.MAX_HELD);
    session.catchUp();
    assertThat(session.caughtUp(new ArrayList<>())).isFalse();
  }

  @Test
  void missed_conversations_are_told_once() {
    session.missed("room:a");
    session.missed("room:b");
    session.missed("room:a");
    assertThat(session.takeMissed()).containsExactlyInAnyOrder("room:a", "room:b");
    assertThat(session.takeMissed()).isEmpty();
  }

  private static Push message(long offset) {
    return Push.of(
        new Message("m" + offset, "room:a", "e", offset, "bob", "web", 1, "c" + offset, "text", "{}"));
  }

  private static Push hint() {
    return Push.droppable("typing", "", Map.of());
  }
}
