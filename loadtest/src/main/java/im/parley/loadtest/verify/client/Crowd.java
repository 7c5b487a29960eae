package im.parley.loadtest.verify.client;

import im.parley.loadtest.verify.history.Event.Plan;
import im.parley.loadtest.verify.history.Recorder;
import im.parley.loadtest.wire.Target;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * All devices of a run on one event loop, and what they are made to say. Its public methods are for
 * any thread.
 */
public final class Crowd implements AutoCloseable {
  // It warns of each connection that a killed server breaks, which is what happens here all the
  // time.
  private static final Logger VERTX = Logger.getLogger("io.vertx");

  private static final long TICK_MILLIS = 10;
  private static final long RETRY_MILLIS = 250;
  private static final double MILLIS = 1e3;

  private final Population population;
  private final Vertx vertx;
  private final Context context;
  private final Net net;
  private final List<Device> devices = new ArrayList<>();
  private final Map<String, List<String>> conversations;

  // Event loop only
  private long timer;
  private long offered;
  private long skipped;

  private Crowd(Population population, ClientSettings settings, Recorder recorder, Random random) {
    VERTX.setLevel(Level.OFF);
    this.population = population;
    this.conversations = population.conversationsByUser();
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS));
    this.context = vertx.getOrCreateContext();
    this.net = new Net(vertx, settings, recorder, random);
    for (int i = 0; i < population.users().size(); i++) {
      for (int d = 0; d < Population.devices(i); d++) {
        devices.add(new Device(net, population.users().get(i), d, devices.size()));
      }
    }
  }

  /** Makes the devices and writes the plan into the history; nobody connects yet. */
  public static Crowd of(
      Population population,
      ClientSettings settings,
      Recorder recorder,
      Random random,
      boolean epochsMayChange) {
    Crowd crowd = new Crowd(population, settings, recorder, random);
    recorder.record(
        new Plan(
            population.members(),
            crowd.devices.stream().map(Device::name).toList(),
            settings.targets().stream().map(Target::toString).toList(),
            epochsMayChange));
    return crowd;
  }

  /** Makes the rooms, then lets all devices connect. */
  public Future<Void> enter() {
    return onLoop(
        () -> {
          Future<Void> made = Future.succeededFuture();
          for (String conversation : population.members().keySet()) {
            if (conversation.startsWith(Population.ROOM)) {
              made = made.compose(before -> createRoom(conversation));
            }
          }
          return made.onSuccess(all -> devices.forEach(Device::connect));
        });
  }

  private Future<Void> createRoom(String conversation) {
    List<String> members = population.members().get(conversation);
    JsonObject request =
        new JsonObject()
            .put("room", conversation.substring(Population.ROOM.length()))
            .put("members", new JsonArray(members));
    return new Errand(net, net.settings().targets().get(0), members.get(0))
        .run(calls -> calls.call("room.create", request))
        .mapEmpty();
  }

  /** Lets random devices write {@code rate} messages a second from now on. */
  public Future<Void> speak(double rate) {
    return onLoop(
        () -> {
          long begun = System.nanoTime();
          timer =
              vertx.setPeriodic(
                  TICK_MILLIS,
                  tick -> {
                    double seconds =
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) / MILLIS;
                    while (offered < rate * seconds) {
                      offered++;
                      offer();
                    }
                  });
          return Future.succeededFuture();
        });
  }

  private void offer() {
    Device device = devices.get(net.random().nextInt(devices.size()));
    List<String> mine = conversations.get(device.user());
    String conversation = mine.get(net.random().nextInt(mine.size()));
    String cid = UUID.randomUUID().toString();
    String text = device.name() + " writes no. " + offered;
    if (!device.sending().offer(new Letter(conversation, to(device, conversation), cid, text))) {
      skipped++;
    }
  }

  private JsonObject to(Device device, String conversation) {
    if (conversation.startsWith(Population.ROOM)) {
      return new JsonObject().put("room", conversation.substring(Population.ROOM.length()));
    }
    List<String> pair = population.members().get(conversation);
    return new JsonObject().put("user", pair.get(pair.get(0).equals(device.user()) ? 1 : 0));
  }

  /** Nobody writes anything new from now on; how many messages found a full outbox before. */
  public Future<Long> hush() {
    return onLoop(
        () -> {
          vertx.cancelTimer(timer);
          return Future.succeededFuture(skipped);
        });
  }

  /** Devices that are not logged in. */
  public Future<Long> absent() {
    return onLoop(
        () -> Future.succeededFuture(devices.stream().filter(device -> !device.isLive()).count()));
  }

  /** Messages that wait for their acknowledgement. */
  public Future<Long> unacknowledged() {
    return onLoop(
        () ->
            Future.succeededFuture(
                devices.stream().mapToLong(each -> each.sending().unacknowledged()).sum()));
  }

  /** Completes when every device has synced until there was no more. */
  public Future<Void> complete() {
    return onLoop(() -> Future.all(devices.stream().map(Device::complete).toList()).mapEmpty());
  }

  /** Reads every log back through every target, again and again until it could be read. */
  public Future<Void> audit() {
    return onLoop(
        () -> {
          Future<Void> all = Future.succeededFuture();
          for (Target target : net.settings().targets()) {
            for (Map.Entry<String, List<String>> one : population.members().entrySet()) {
              all = all.compose(before -> audit(target, one.getValue().get(0), one.getKey()));
            }
          }
          return all;
        });
  }

  private Future<Void> audit(Target target, String member, String conversation) {
    return new Audit(net, target)
        .read(member, conversation)
        .recover(
            failure ->
                failure instanceof ErrorReply error && !error.isRetryable()
                    // The history lacks this log then, which the checker notices.
                    ? Future.succeededFuture()
                    : vertx
                        .timer(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(due -> audit(target, member, conversation)));
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(go -> work.get().onComplete(promise));
    return promise.future();
  }

  @Override
  public void close() {
    onLoop(
            () -> {
              devices.forEach(Device::stop);
              return Future.succeededFuture();
            })
        .compose(stopped -> vertx.close())
        .await();
  }
}
