package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.LoopMeter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.ConnectionListener;
import im.parley.loadtest.wire.Reply;
import im.parley.loadtest.wire.WireLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntPredicate;

/**
 * The connections of one loop: connects them, logs them in, keeps them alive, and tells the
 * scenario what concerns it. Event loop only.
 */
final class Fleet implements ConnectionListener {
  /** Marks of a {@link Connection}. */
  static final byte NEW = 0;

  static final byte READY = 1;
  static final byte LEAVING = 2;

  /** Ready, but it neither heartbeats nor speaks: the server will remove it. */
  static final byte SILENT = 3;

  private static final int OK = 200;
  private static final byte[] MSG = {'m', 's', 'g'};

  private final LoopContext context;
  private final LoopMeter meter;
  private final WireLoop wire;
  private final Requests requests;
  private final Scenario scenario;
  private final Connection[] all;
  private final Reply reply = new Reply();

  // Event loop only
  private final Deque<Connection> waiting = new ArrayDeque<>();
  // Begun connects, oldest first; one that is over leaves when it has come to the front.
  private final Deque<Connection> underWay = new ArrayDeque<>();
  private Pacer pacer;
  private IntPredicate writers = id -> true;
  private int connecting;
  private int open;
  private int ready;
  private Promise<Void> connected;
  private int cursor;
  private int heartbeatCursor;
  private boolean beating;

  Fleet(LoopContext context, Scenario scenario) {
    this.context = context;
    this.meter = context.meter();
    this.wire = context.wire();
    this.scenario = scenario;
    this.requests = new Requests(context.options(), context.tokens());
    this.all = new Connection[context.ids().length];
    for (int i = 0; i < all.length; i++) {
      all[i] = wire.connection(context.ids()[i]);
    }
    wire.listener(this);
    if (context.options().connectRate > 0) {
      context.every(1, this::connectDue);
    }
    context.every(500, this::dropLate);
  }

  Requests requests() {
    return requests;
  }

  Connection[] all() {
    return all;
  }

  /** Whether the run's first connection is on this loop, which then does what one alone must do. */
  boolean hasFirst() {
    return all.length > 0 && all[0].id() == 0;
  }

  int open() {
    return open;
  }

  int ready() {
    return ready;
  }

  /** Connects every closed connection; done when each of them is ready or has failed. */
  Future<Void> connectAll() {
    for (Connection connection : all) {
      if (connection.isClosed()) {
        waiting.add(connection);
      }
    }
    pacer = null;
    double rate = context.share(context.options().connectRate);
    if (rate > 0) {
      pacer = new Pacer(rate, context.options().ramp, System.nanoTime());
    }
    connected = Promise.promise();
    Future<Void> future = connected.future();
    connectDue();
    settled();
    return future;
  }

  /** Connects one closed connection as soon as the window allows. */
  void connect(Connection connection) {
    waiting.add(connection);
    connectDue();
  }

  private void connectDue() {
    int window = context.portion(context.options().window);
    long now = System.nanoTime();
    while (!waiting.isEmpty() && connecting < window && (pacer == null || pacer.isDue(now))) {
      long due = pacer == null ? now : pacer.take();
      Connection next = waiting.poll();
      next.since = due;
      next.mark = NEW;
      connecting++;
      meter.count(Counter.ATTEMPTED);
      underWay.add(next);
      wire.connect(next);
    }
  }

  private void dropLate() {
    long limit = System.nanoTime() - context.options().timeout.toNanos();
    for (Connection oldest = underWay.peek(); oldest != null; oldest = underWay.peek()) {
      boolean over = oldest.mark != NEW || oldest.isClosed();
      if (!over && oldest.since >= limit) {
        return;
      }
      underWay.poll();
      if (!over) {
        oldest.drop();
      }
    }
  }

  @Override
  public void onOpen(Connection connection) {
    open++;
    if (context.options().login == Login.NONE) {
      becomeReady(connection);
    } else {
      requests.login(connection, connection.since);
    }
  }

  private void becomeReady(Connection connection) {
    connection.mark = READY;
    ready++;
    meter.count(Counter.READY);
    meter.record(Metric.CONNECT, connection.since, System.nanoTime());
    settle();
    scenario.onReady(connection);
  }

  private void settle() {
    connecting--;
    connectDue();
    settled();
  }

  private void settled() {
    if (connected != null && connecting == 0 && waiting.isEmpty()) {
      Promise<Void> done = connected;
      connected = null;
      done.complete();
    }
  }

  @Override
  public void onMessage(Connection connection, byte[] text, int length) {
    meter.count(Counter.MESSAGES_IN);
    meter.count(Counter.BYTES_IN, length);
    reply.read(text, length);
    if (reply.isAction(MSG)) {
      scenario.onPush(connection, reply);
      return;
    }
    char kind = reply.kind();
    // Other pushes have a seq of the server's, which may begin with any character.
    if (!reply.isAction(Requests.action(kind))) {
      return;
    }
    switch (kind) {
      case Requests.LOGIN -> onLogin(connection);
      case Requests.HEARTBEAT -> onHeartbeat(connection);
      default -> scenario.onReply(connection, reply);
    }
  }

  private void onLogin(Connection connection) {
    int code = reply.code();
    if (connection.mark != NEW) {
      return;
    }
    if (code == OK) {
      becomeReady(connection);
    } else {
      meter.code(code);
      connection.drop();
    }
  }

  private void onHeartbeat(Connection connection) {
    if (reply.code() == OK) {
      meter.record(Metric.HEARTBEAT, reply.seqTime(), System.nanoTime());
    } else {
      meter.code(reply.code());
    }
    scenario.onHeartbeat(connection);
  }

  @Override
  public void onCloseFrame(Connection connection) {
    if (connection.mark == READY) {
      scenario.onCloseFrame(connection);
    }
  }

  @Override
  public void onClosed(Connection connection, int code) {
    byte mark = connection.mark;
    connection.mark = NEW;
    // Only an upgraded connection has a code: what fails before it is never open.
    if (mark == NEW) {
      meter.count(Counter.FAILED);
      connecting--;
      opened(connection);
    } else {
      open--;
      ready--;
      if (mark == READY && scenario.isLoss(connection)) {
        meter.count(Counter.LOST);
        meter.code(code);
      }
    }
    scenario.onClosed(connection, code);
    if (mark == NEW) {
      connectDue();
      settled();
    }
  }

  private void opened(Connection connection) {
    if (connection.wasOpen()) {
      open--;
    }
  }

  /** Drops, or closes, a ready connection because the scenario wants it so. */
  void leave(Connection connection, boolean politely) {
    connection.mark = LEAVING;
    if (politely) {
      connection.close();
    } else {
      connection.drop();
    }
  }

  /** Only these take their turn in {@link #next()}. */
  void writers(IntPredicate writers) {
    this.writers = writers;
  }

  /** A ready connection has sent its last heartbeat. */
  void silence(Connection connection) {
    connection.mark = SILENT;
  }

  /** The next ready connection in turn; null if there is none. */
  Connection next() {
    for (int tries = 0; tries < all.length; tries++) {
      Connection connection = all[cursor];
      cursor = cursor + 1 == all.length ? 0 : cursor + 1;
      if (connection.mark == READY && writers.test(connection.id())) {
        return connection;
      }
    }
    return null;
  }

  /** Spreads the heartbeats evenly over the interval. */
  void startHeartbeats(Duration interval) {
    if (interval.isZero() || all.length == 0 || context.options().login == Login.NONE) {
      return;
    }
    double perSecond = all.length / (interval.toNanos() / 1e9);
    Pacer beats = new Pacer(perSecond, Duration.ZERO, System.nanoTime() + interval.toNanos() / 2);
    beating = true;
    context.every(10, () -> beat(beats));
  }

  void stopHeartbeats() {
    beating = false;
  }

  private void beat(Pacer beats) {
    long now = System.nanoTime();
    while (beating && beats.isDue(now)) {
      long due = beats.take();
      Connection connection = all[heartbeatCursor++ % all.length];
      if (connection.mark == READY) {
        meter.count(Counter.HEARTBEATS);
        requests.heartbeat(connection, due);
      }
    }
  }
}
