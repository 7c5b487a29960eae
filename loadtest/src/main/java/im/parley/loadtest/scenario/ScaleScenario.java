package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Fanout;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Everything with the same connections, for sizes at which connecting anew takes long: they are
 * held with heartbeats, some fall silent, all get broadcasts to the lobby, random pairs write to
 * each other, the silent ones expire, and at the end the server may be stopped. Event loop only.
 */
public final class ScaleScenario extends Scenario {
  static final String HOLD = "hold";
  static final String LAST_BEAT = "last heartbeat";
  public static final String BROADCAST = "broadcast";
  public static final String DIRECT = "direct";
  public static final String EXPIRE = "expire";
  public static final String STOP = "await stop";

  private final Options options;
  private final LobbyCaller lobby;
  private final Broadcasts broadcasts;
  private final Sender sender;

  // Event loop only
  private String phase = CONNECT;
  private long beatAt;
  private long directFrom = Long.MAX_VALUE;
  private int unanswered;
  private int silent;
  private Promise<Void> awaited;

  ScaleScenario(LoopContext context) {
    super(context);
    options = context.options();
    lobby = new LobbyCaller(context);
    broadcasts = new Broadcasts(context, this::toLobby, options.connections);
    sender = new Sender(context, fleet, this::toRandom, 1);
  }

  static List<Phase> phases(Options options) {
    Phase stop = Phase.untilDone(STOP).toMeasure();
    List<Phase> all =
        List.of(
            Phase.untilDone(CONNECT).toMeasure(),
            Phase.lasting(HOLD, options.hold).toMeasure(),
            Phase.untilDone(LAST_BEAT),
            Phase.untilDone(BROADCAST).toMeasure(),
            Phase.lasting(DIRECT, options.duration).toMeasure(),
            Phase.lasting(QUIET, options.quiet),
            Phase.untilDone(EXPIRE).toMeasure(),
            stop);
    return options.untilStopped ? all : all.subList(0, all.indexOf(stop));
  }

  @Override
  Future<Void> begin(String next) {
    phase = next;
    switch (next) {
      case LAST_BEAT:
        return beat();
      case BROADCAST:
        return fleet.hasFirst() ? broadcasts.run() : Future.succeededFuture();
      case DIRECT:
        directFrom = System.nanoTime();
        sender.start();
        break;
      case QUIET:
        sender.stop();
        break;
      case EXPIRE:
        return await(silent == 0);
      case STOP:
        return await(fleet.ready() == 0);
      default:
        break;
    }
    return Future.succeededFuture();
  }

  /** The silent ones are spread evenly over all connections. */
  private boolean isSilent(int id) {
    long connections = options.connections;
    return id * (long) options.silent / connections != (id + 1L) * options.silent / connections;
  }

  private Future<Void> beat() {
    beatAt = System.nanoTime();
    for (Connection connection : fleet.all()) {
      if (connection.mark == Fleet.READY && isSilent(connection.id())) {
        fleet.silence(connection);
        connection.pending = 1;
        unanswered++;
        silent++;
        requests.heartbeat(connection, beatAt);
      }
    }
    return await(unanswered == 0);
  }

  private void toLobby(long due) {
    lobby
        .sendToAll(due)
        .onComplete(answer -> broadcasts.answered(answer.succeeded() ? answer.result() : 0, due));
  }

  private void toRandom(Connection from, long due) {
    int to;
    do {
      to = ThreadLocalRandom.current().nextInt(options.connections);
    } while (to == from.id() || isSilent(to));
    requests.toUser(from, to, due);
  }

  /** Until {@link #finish()}, but no longer than {@code --patience}. */
  private Future<Void> await(boolean done) {
    Promise<Void> waiting = Promise.promise();
    awaited = waiting;
    context.after(options.patience.toNanos(), waiting::tryComplete);
    if (done) {
      finish();
    }
    return waiting.future();
  }

  private void finish() {
    if (awaited != null) {
      awaited.tryComplete();
    }
  }

  @Override
  void onHeartbeat(Connection connection) {
    if (connection.mark == Fleet.SILENT && connection.pending > 0) {
      connection.pending = 0;
      unanswered--;
      if (unanswered == 0 && phase.equals(LAST_BEAT)) {
        finish();
      }
    }
  }

  @Override
  void onReply(Connection connection, Reply reply) {
    sender.onReply(connection, reply);
  }

  @Override
  void onPush(Connection connection, Reply reply) {
    if (reply.marker() == 0) {
      return;
    }
    if (reply.marker() < directFrom) {
      broadcasts.delivered(reply.marker());
    } else {
      sender.onPush(reply);
    }
  }

  @Override
  boolean isLoss(Connection connection) {
    return !phase.equals(STOP);
  }

  @Override
  void onClosed(Connection connection, int code) {
    boolean wasSilent = beatAt != 0 && isSilent(connection.id());
    if (!wasSilent && !phase.equals(STOP)) {
      sender.onClosed(connection);
      return;
    }
    long now = System.nanoTime();
    meter.code(code);
    meter.fanout(Fanout.slice(now), now);
    if (wasSilent) {
      meter.record(Metric.REMOVAL, beatAt, now);
      silent--;
    }
    if (phase.equals(EXPIRE) && silent == 0 || phase.equals(STOP) && fleet.ready() == 0) {
      finish();
    }
  }
}
