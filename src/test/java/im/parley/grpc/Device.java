package im.parley.grpc;

import im.parley.protocol.CloseCode;
import im.parley.protocol.Push;
import im.parley.protocol.Request;
import im.parley.session.Connection;
import im.parley.session.Gateway;
import im.parley.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection that notes what it is sent, in place of a socket. */
final class Device implements Connection {
  final List<String> pushes = new CopyOnWriteArrayList<>();
  volatile CloseCode closed;
  Gateway gateway;
  Session session;

  @Override
  public void send(Push push) {
    pushes.add(new String(push.text(Request.Verb.CMD), StandardCharsets.UTF_8));
  }

  @Override
  public void disconnect(CloseCode code) {
    closed = code;
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
    return "192.0.2.1:5000";
  }
}
