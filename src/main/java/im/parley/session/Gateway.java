package im.parley.session;

import im.parley.protocol.Push;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The sessions of one event loop. Its inbox is for any thread, all else for its loop. */
public final class Gateway {
  // Any thread
  private final int index;
  private final EventLoop loop;
  private final Inbox inbox;
  private final AtomicBoolean overrun = new AtomicBoolean();
  private final AtomicInteger natives = new AtomicInteger(); // changed by the event loop only
  private final AtomicInteger prims = new AtomicInteger(); // changed by the event loop only

  private Feed feed; // null on a node alone, whose store has the order already; set before use

  // Event loop only
  private final TopicTable topics;
  private final SessionSet sessions = new SessionSet();
  private int named; // sessions on a platform with a name, so in none of prim's apps

  /**
   * @param index the gateway's number on this node, from 0
   * @param loop the event loop that owns it
   * @param node learns of its topics
   */
  public Gateway(int index, EventLoop loop, LocalTopics node) {
    this.index = index;
    this.loop = loop;
    this.inbox = new Inbox(loop);
    this.topics = new TopicTable(node, index);
  }

  /**
   * A message for this gateway was lost: all its sessions are told to sync, once for a burst of
   * losses. Any thread.
   */
  void overrun() {
    if (overrun.compareAndSet(false, true)) {
      inbox.put(
          () -> {
            overrun.set(false);
            Push resync = Push.of("resync", "", Map.of("all", true));
            sessions.forEach(
                session -> {
                  if (session.isNative()) {
                    session.deliver(resync);
                  }
                });
          });
    }
  }

  /**
   * Messages will come from several nodes; {@code log} has what is late. Before the first comes.
   */
  void expectPeers(Feed.Log log) {
    feed =
        new Feed(
            topics,
            log,
            inbox,
            (millis, task) -> loop.schedule(task, millis, TimeUnit.MILLISECONDS));
  }

  /** Its feed; null on a node alone. */
  Feed feed() {
    return feed;
  }

  /** Delivers a push to its sessions. */
  void deliver(Push push, Audience audience) {
    if (feed == null || push.message() == null) {
      audience.deliver(push, topics);
    } else {
      feed.take(push, audience);
    }
  }

  /** Adds a session. */
  public void add(Session session) {
    assert loop.inEventLoop();
    session.since(feed == null ? 0 : feed.clock());
    if (sessions.add(session)) {
      count(session, 1);
    }
  }

  /** Removes a session and everything it listens to. */
  public void remove(Session session) {
    assert loop.inEventLoop();
    if (sessions.remove(session)) {
      count(session, -1);
    }
    silence(session);
  }

  /** Removes everything a session listens to. */
  public void silence(Session session) {
    assert loop.inEventLoop();
    topics.remove(Topics.user(session.user()), session);
    int app = session.app();
    if (app != 0) {
      topics.remove(Topics.lobby(app), session);
      topics.remove(Topics.identity(app, session.user()), session);
    }
    session.rooms().forEach(room -> topics.remove(Topics.room(room), session));
    session.watched().forEach(user -> topics.remove(Topics.presence(user), session));
  }

  /** Calls {@code action} for each session. */
  public void forEach(Consumer<Session> action) {
    assert loop.inEventLoop();
    sessions.forEach(action);
  }

  /** How many sessions it has. */
  public int size() {
    assert loop.inEventLoop();
    return sessions.size();
  }

  /** How many of its sessions are in none of prim's apps. */
  public int named() {
    assert loop.inEventLoop();
    return named;
  }

  /** How many of its sessions speak Parley's protocol. Any thread. */
  public int natives() {
    return natives.get();
  }

  /** How many of its sessions speak prim's protocol. Any thread. */
  public int prims() {
    return prims.get();
  }

  private void count(Session session, int change) {
    (session.isNative() ? natives : prims).addAndGet(change);
    if (session.app() == 0) {
      named += change;
    }
  }

  /** Who listens to what. */
  public TopicTable topics() {
    assert loop.inEventLoop();
    return topics;
  }

  /** What others ask of it. */
  public Inbox inbox() {
    return inbox;
  }

  /** The event loop that owns it. */
  public EventLoop loop() {
    return loop;
  }

  /** Its number on this node, from 0. */
  public int index() {
    return index;
  }
}
