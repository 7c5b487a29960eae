package im.parley.store.redis;

import im.parley.config.RedisConfig;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.store.redis.Handshake.Opened;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to one Redis server, and the calls on their way over it. Store loop only.
 *
 * <p>Calls are sent in pipelines of what has gathered, a few of them at a time, and answered in the
 * order of {@link #send}. With replicas to wait for, each pipeline ends in a WAIT, so that one wait
 * stands for all its calls.
 *
 * <p>Nothing answered for too long ends the connection, as does an error of the server that is not
 * about its memory, its disk or its cluster: the next connection finds out anew whom it talks to. A
 * server that is slow, but answers, is not given up, and the time in which this process itself
 * stood still is not counted. While there is no connection, calls are refused at once and the link
 * tries again, backing off with jitter.
 */
final class Link {
  private static final Logger log = LoggerFactory.getLogger(Link.class);
  // Together far below what the client can remember of unanswered commands.
  private static final int PIPELINE = 256;
  private static final int PIPELINES = 8;
  private static final int REMEMBERED = 2 * PIPELINE * PIPELINES;
  private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int START_PATIENCE = 4;
  private static final long FIRST_BACKOFF_MS = 50;
  private static final long LONGEST_BACKOFF_MS = 2_000;
  private static final int BACKOFF_DOUBLINGS = 6;
  // The first words of error replies, each after "ERR [<index in the pipeline>] ".
  private static final Pattern OF_ITS_MEDIUM = Pattern.compile("\\] (OOM|MISCONF|NOREPLICAS) ");
  private static final Pattern OF_THE_CLUSTER =
      Pattern.compile("\\] (MOVED|ASK|TRYAGAIN|CLUSTERDOWN) ");

  /** What a link tells the one who has it. */
  interface Listener {
    /** The keys are elsewhere now, or the server is no primary any more. */
    void onMoved();

    /** Another reign has begun: what was written before may be gone. */
    void onReign();
  }

  /** What all links share. */
  record Setting(
      Vertx vertx,
      Loop loop,
      RedisConfig config,
      Handshake handshake,
      Tally tally,
      RandomGenerator random,
      Listener listener) {}

  private record Pipeline(List<Call> calls, long sentAt) {}

  private final Setting setting;
  private final Address address;
  private final boolean writes;
  private final int replicas;
  private final String probeKey;

  private final Deque<Call> waiting = new ArrayDeque<>();
  private final Deque<Pipeline> sent = new ArrayDeque<>();
  // Of no meaning while nothing is sent.
  private final Silence silence = new Silence(System.nanoTime());
  private final Promise<Opened> firstAttempt = Promise.promise();
  private Redis client;
  private RedisConnection connection;
  private String reign = "";
  private String lastReign = "";
  private boolean closed;
  private boolean complained;
  private int attempts;
  private long checkedAt;
  // Read by any thread
  private volatile String trouble = "not connected yet";
  private volatile boolean open;

  private Link(Setting setting, Address address, boolean writes, int replicas, String probeKey) {
    this.setting = setting;
    this.address = address;
    this.writes = writes;
    this.replicas = replicas;
    this.probeKey = probeKey;
  }

  /** One that writes; {@code probeKey} is written to find out whether the server does so again. */
  static Link writer(Setting setting, Address address, String probeKey) {
    return new Link(setting, address, true, setting.config().durability().replicas(), probeKey);
  }

  /** One that only reads; the same. */
  static Link reader(Setting setting, Address address, String probeKey) {
    return new Link(setting, address, false, 0, probeKey);
  }

  /** Begins to connect; the outcome of the first attempt. */
  Future<Opened> start() {
    connect();
    return firstAttempt.future();
  }

  /** Whether there is a connection. Any thread. */
  boolean isOpen() {
    return open;
  }

  /** Why requests are refused now, empty if they are not. Any thread. */
  String trouble() {
    return trouble;
  }

  /** What the server's reign is taken for. */
  String reign() {
    return reign;
  }

  /** Sends a call with the next pipeline. */
  Future<Response> send(Call.Maker command) {
    assert setting.loop().inLoop();
    Call call = Call.of(command);
    if (connection == null) {
      call.answer().fail(away());
    } else {
      waiting.add(call);
      setting.loop().atEndOfTurn(this::flush);
    }
    return call.answer().future();
  }

  /** Gives up a connection over which nothing comes any more, and looks whom we talk to. */
  void tick(long now) {
    long silent = silence.until(now);
    if (connection == null) {
      return;
    }
    if (!sent.isEmpty() && silent > setting.config().timeout().toNanos()) {
      drop("no answer within " + setting.config().timeout().toMillis() + " ms");
    } else if (now - checkedAt > CHECK_NANOS) {
      checkedAt = now;
      check();
    }
  }

  /** Refuses what is under way and ends the connection for good. */
  void close() {
    closed = true;
    lose("the store is closing");
  }

  private void connect() {
    if (closed) {
      return;
    }
    client = Redis.createClient(setting.vertx(), address.options(REMEMBERED, setting.config()));
    Redis mine = client;
    // A process that has just started is slow itself.
    long patience = setting.config().timeout().toMillis() * (open ? 1 : START_PATIENCE);
    long timer =
        setting
            .vertx()
            .setTimer(patience, late -> failed(mine, new TimeoutException("no answer in time")));
    mine.connect()
        .compose(
            opened -> {
              opened.endHandler(end -> ended(mine, "the connection ended"));
              opened.exceptionHandler(failure -> ended(mine, failure.toString()));
              return setting.handshake().check(opened);
            })
        .onComplete(
            done -> {
              setting.vertx().cancelTimer(timer);
              if (client != mine) {
                return;
              }
              if (done.succeeded()) {
                opened(done.result());
              } else {
                failed(mine, done.cause());
              }
            });
  }

  private void opened(Opened opened) {
    connection = opened.connection();
    attempts = 0;
    complained = false;
    trouble = "";
    open = true;
    checkedAt = System.nanoTime();
    reignIs(opened.reign());
    log.info("redis connected [address: {}]", address);
    firstAttempt.tryComplete(opened);
  }

  private void reignIs(String now) {
    reign = now;
    if (!now.equals(lastReign)) {
      boolean first = lastReign.isEmpty();
      lastReign = now;
      if (!first) {
        log.warn("redis may have lost its last writes: epochs change [address: {}]", address);
        setting.listener().onReign();
      }
    }
  }

  private void ended(Redis ended, String why) {
    if (client == ended && connection != null) {
      drop(why);
    }
  }

  private void failed(Redis failed, Throwable why) {
    if (client == failed && connection == null) {
      firstAttempt.tryFail(why);
      drop(why.getMessage());
    }
  }

  private void drop(String why) {
    // Before it was ever there, whoever started it is told.
    if (!complained && !closed && !lastReign.isEmpty()) {
      complained = true;
      log.warn("redis is away; trying again [address: {}, cause: {}]", address, why);
    }
    lose("redis at %s is away (%s); the store connects again by itself".formatted(address, why));
    setting.listener().onMoved();
    if (!closed) {
      setting.vertx().setTimer(backoffMs(), due -> connect());
    }
  }

  private void lose(String why) {
    trouble = why;
    open = false;
    connection = null;
    if (client != null) {
      client.close();
      client = null;
    }
    // In the order of sending: those that Redis may have carried out, then those it never saw.
    List<Pipeline> unanswered = List.copyOf(sent);
    sent.clear();
    List<Call> unsent = List.copyOf(waiting);
    waiting.clear();
    unanswered.forEach(pipeline -> refuse(pipeline.calls(), "redis did not answer"));
    unsent.forEach(call -> settle(call, null, away()));
  }

  private long backoffMs() {
    long longest =
        Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(attempts++, BACKOFF_DOUBLINGS));
    return longest / 2 + setting.random().nextLong(longest / 2 + 1);
  }

  private void flush() {
    while (connection != null && !waiting.isEmpty() && sent.size() < PIPELINES) {
      List<Call> calls = new ArrayList<>(Math.min(waiting.size(), PIPELINE));
      List<Request> commands = new ArrayList<>(calls.size() + 1);
      while (!waiting.isEmpty() && calls.size() < PIPELINE) {
        Call call = waiting.poll();
        calls.add(call);
        commands.add(call.command().make(reign));
      }
      if (replicas > 0) {
        // The answer must come before we give up the connection.
        commands.add(
            Request.cmd(Command.WAIT).arg(replicas).arg(setting.config().timeout().toMillis() / 2));
      }
      Pipeline pipeline = new Pipeline(calls, System.nanoTime());
      if (sent.isEmpty()) {
        silence.begins(pipeline.sentAt());
      }
      sent.add(pipeline);
      connection
          .batch(commands)
          .onComplete(
              done -> {
                if (sent.peek() != pipeline) {
                  return; // Given up before.
                }
                sent.poll();
                silence.begins(System.nanoTime());
                if (done.succeeded()) {
                  answer(pipeline, done.result());
                } else {
                  fail(pipeline, done.cause());
                }
                setting.loop().atEndOfTurn(this::flush);
              });
    }
  }

  private void answer(Pipeline pipeline, List<Response> answers) {
    setting.tally().answered(pipeline.calls().size(), System.nanoTime() - pipeline.sentAt());
    long have = replicas == 0 ? 0 : answers.get(answers.size() - 1).toLong();
    if (have < replicas) {
      trouble =
          "redis at %s has written to %d replicas in time, expected %d: see that they are up"
              .formatted(address, have, replicas);
      refuse(pipeline.calls(), "only %d of %d replicas have it".formatted(have, replicas));
      return;
    }
    for (int i = 0; i < pipeline.calls().size(); i++) {
      settle(pipeline.calls().get(i), answers.get(i), null);
    }
  }

  private void fail(Pipeline pipeline, Throwable failure) {
    if (connection == null) {
      refuse(pipeline.calls(), "redis did not answer");
      return;
    }
    String what = String.valueOf(failure.getMessage());
    if (OF_ITS_MEDIUM.matcher(what).find()) {
      trouble =
          "redis at %s takes no writes (%s); see its memory, disk and replicas, the store goes on by itself"
              .formatted(address, what.lines().findFirst().orElse(""));
    } else if (OF_THE_CLUSTER.matcher(what).find()) {
      setting.listener().onMoved();
    } else {
      drop(what);
    }
    refuse(pipeline.calls(), "redis refused it");
  }

  /** Whom we talk to, and while writes fail, whether one works again. */
  private void check() {
    send(known -> Request.cmd(Command.INFO).arg("replication"))
        .onSuccess(
            info -> {
              Map<String, String> fields = Handshake.fields(info);
              if (!"master".equals(fields.get("role"))) {
                drop("it has become a replica");
              } else {
                reignIs(fields.get("master_replid"));
              }
            });
    if (!trouble.isEmpty()) {
      send(known -> Request.cmd(Command.SET).arg(probeKey).arg(""))
          .onSuccess(
              written -> {
                trouble = "";
                log.info("redis takes writes again [address: {}]", address);
              });
    }
  }

  private Refusal away() {
    return unavailable(writes ? "nothing was stored: redis is away" : "redis is away");
  }

  private void refuse(List<Call> calls, String why) {
    Refusal refusal =
        unavailable(writes ? why + "; it may be stored, so send it again with the same cid" : why);
    calls.forEach(call -> settle(call, null, refusal));
  }

  private static void settle(Call call, Response answer, Refusal refusal) {
    try {
      if (refusal == null) {
        call.answer().tryComplete(answer);
      } else {
        call.answer().tryFail(refusal);
      }
    } catch (RuntimeException | Error e) {
      log.error("what follows an answer of redis failed", e);
    }
  }

  private static Refusal unavailable(String why) {
    return new Refusal(ErrorCode.STORE_UNAVAILABLE, why);
  }
}
