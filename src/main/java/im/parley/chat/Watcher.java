package im.parley.chat;

import im.parley.protocol.CloseCode;
import im.parley.protocol.Push;
import im.parley.session.Connection;
import im.parley.session.Gateway;
import im.parley.session.Session;
import im.parley.session.Topics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One who hears of users' presence without being logged in, such as a stream of a service. Lives on
 * one gateway until its owner closes it. Any thread.
 *
 * <p>Topics know sessions only, so it lends them one that belongs to no user, listens to nothing
 * but {@code presence:} topics and is never among the gateway's own sessions: nobody can find,
 * count, kick or expire it.
 */
public final class Watcher {
  private static final AtomicLong IDS = new AtomicLong(); // downwards: a real session's are above 0

  private final Gateway gateway;
  private final Session ear;

  private Watcher(Gateway gateway, Consumer<String> changed) {
    this.gateway = gateway;
    this.ear = new Session(IDS.decrementAndGet(), "", "", "", true, new Hints(changed));
  }

  static Future<Watcher> start(Gateway gateway, List<String> users, Consumer<String> changed) {
    Watcher watcher = new Watcher(gateway, changed);
    Promise<Watcher> started = Promise.promise();
    gateway
        .inbox()
        .put(
            () -> {
              watcher.ear.watched(Set.copyOf(users));
              users.forEach(user -> gateway.topics().add(Topics.presence(user), watcher.ear));
              started.complete(watcher);
            });
    return started.future();
  }

  /** Hears no more, soon. Closing twice is no error. */
  public void close() {
    gateway
        .inbox()
        .put(
            () -> {
              gateway.silence(ear);
              ear.state(Session.State.CLOSED);
            });
  }

  /** Takes presence pushes for hints. Event loop only. */
  private record Hints(Consumer<String> changed) implements Connection {
    @Override
    public void send(Push push) {
      if (push.data() instanceof Map<?, ?> state && state.get("user") instanceof String user) {
        changed.accept(user);
      }
    }

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
      return "";
    }
  }
}
