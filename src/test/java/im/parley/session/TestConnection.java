package im.parley.session;

import im.parley.protocol.CloseCode;
import im.parley.protocol.Push;
import java.util.ArrayList;
import java.util.List;

/** A connection that notes what it is given. */
final class TestConnection implements Connection {
  final List<Push> sent = new ArrayList<>();
  final List<CloseCode> closed = new ArrayList<>();

  /** A session of its own on such a connection. */
  static Session session(long id, String user) {
    return new Session(id, user, "web", "", true, new TestConnection());
  }

  @Override
  public void send(Push push) {
    sent.add(push);
  }

  @Override
  public void disconnect(CloseCode code) {
    closed.add(code);
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
}
