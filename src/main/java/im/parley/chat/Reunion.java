package im.parley.chat;

import im.parley.cluster.Membership;
import im.parley.session.Gateway;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does when it had been apart from others and is among them again: all sessions are
 * told to sync, what the two sides decided each for itself is decided once more, watchers learn the
 * states of users, and all are told to sync again, for what was pushed before routes were whole.
 * Only the nodes that had to join the others anew do all that, since every pair that was apart has
 * one of them. Owned by {@link Chat}. Any thread.
 *
 * <p>It goes through this node's topics a page at a time, each after the one before, so that a
 * large node does not flood the cluster that it has just come back to.
 */
final class Reunion implements Membership.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(Reunion.class);
  private static final int PAGE = 200;
  private static final int TRIES = 10;
  private static final long PAUSE_SECONDS = 2;

  /** Once soon, and again for what was told of the time apart after that. */
  private static final long[] LOOK_SECONDS = {5, 12};

  private static final int MAX_GONE = 1_000;

  private final Router router;
  private final Devices devices;
  private final Lobby lobby;
  private final Presence presence;
  private final Set<Long> gone = new LinkedHashSet<>(); // guarded by itself
  private final AtomicBoolean walking = new AtomicBoolean();
  private final AtomicBoolean again = new AtomicBoolean();

  Reunion(Router router, Devices devices, Lobby lobby, Presence presence) {
    this.router = router;
    this.devices = devices;
    this.lobby = lobby;
    this.presence = presence;
  }

  @Override
  public void left(long node) {
    synchronized (gone) {
      gone.add(node);
      if (gone.size() > MAX_GONE) {
        gone.remove(gone.iterator().next());
      }
    }
  }

  /**
   * A node that was only out of sight: its users were told to be gone. It tells that they are not,
   * but a push may be lost while the cluster mends, so this node looks for itself too.
   */
  @Override
  public void joined(long node) {
    boolean back;
    synchronized (gone) {
      back = gone.remove(node);
    }
    if (back) {
      for (long seconds : LOOK_SECONDS) {
        router
            .gateways()
            .get(0)
            .loop()
            .schedule(() -> walk(this::look, () -> {}), seconds, TimeUnit.SECONDS);
      }
    }
  }

  @Override
  public void merged() {
    again.set(true);
    onLoop(this::begin);
  }

  private void begin() {
    if (walking.compareAndSet(false, true)) {
      again.set(false);
      resync();
      walk(this::decide, () -> walk(this::tell, () -> resync().onComplete(told -> end())));
    }
  }

  private void walk(Function<String, Future<Void>> step, Runnable then) {
    next(router.topicsHere().iterator(), step, then);
  }

  private void next(Iterator<String> topics, Function<String, Future<Void>> step, Runnable then) {
    List<String> page = new ArrayList<>(PAGE);
    while (page.size() < PAGE && topics.hasNext()) {
      page.add(topics.next());
    }
    if (page.isEmpty()) {
      then.run();
    } else {
      Step all = () -> Future.join(page.stream().map(step).toList()).mapEmpty();
      attempt("a page of topics was gone through", all, TRIES)
          .onComplete(done -> onLoop(() -> next(topics, step, then)));
    }
  }

  /** Not repeated: each time all clients of all nodes that did answer would sync once more. */
  private Future<Void> resync() {
    return attempt("all sessions were told to sync", router::resync, 1);
  }

  private void onLoop(Runnable task) {
    router.gateways().get(0).loop().execute(task);
  }

  private void end() {
    walking.set(false);
    if (again.get()) {
      begin();
    }
  }

  /** Repeats a step that fails, since a cluster that was just made whole is slow to answer. */
  private Future<Void> attempt(String what, Step step, int tries) {
    return step.take()
        .recover(
            failure -> {
              if (tries == 1) {
                LOG.warn("after a merge it failed that {} [cause: {}]", what, failure.toString());
                return Future.failedFuture(failure);
              }
              return pause().compose(waited -> attempt(what, step, tries - 1));
            });
  }

  private Future<Void> pause() {
    Promise<Void> over = Promise.promise();
    router
        .gateways()
        .get(0)
        .loop()
        .schedule(() -> over.complete(), PAUSE_SECONDS, TimeUnit.SECONDS);
    return over.future();
  }

  /** First what the two sides decided each for itself. */
  private Future<Void> decide(String topic) {
    if (Topics.isUser(topic)) {
      return ifShared(topic, devices::settle);
    }
    return Topics.isIdentity(topic)
        ? ifShared(topic, (gateway, session) -> lobby.settle(topic, session))
        : Future.succeededFuture();
  }

  /**
   * Then, when routes are whole again, who is there. Who watches is asked anew: what is remembered
   * may be of the time apart, and news of the other side's watchers can be lost in a merge.
   */
  private Future<Void> tell(String topic) {
    if (!Topics.isUser(topic)) {
      return look(topic);
    }
    String user = Topics.userOf(topic);
    return router
        .listenedElsewhere(Topics.presence(user))
        .compose(watched -> presence.changed(user));
  }

  private Future<Void> look(String topic) {
    if (!Topics.isPresence(topic)) {
      return Future.succeededFuture();
    }
    String user = Topics.watched(topic);
    // Asked anew first, for the same reason.
    return router.listenedElsewhere(Topics.user(user)).compose(present -> presence.refresh(user));
  }

  /** Does it to this node's listeners when another node has some too. */
  private Future<Void> ifShared(String topic, BiFunction<Gateway, Session, Future<Void>> decision) {
    return router
        .listenedElsewhere(topic)
        .compose(
            shared ->
                shared
                    ? router
                        .askHere(
                            gateway ->
                                gateway.topics().list(topic).stream()
                                    .map(session -> decision.apply(gateway, session))
                                    .toList())
                        .compose(all -> Future.join(all.stream().flatMap(List::stream).toList()))
                        .mapEmpty()
                    : Future.succeededFuture());
  }

  private interface Step {
    Future<Void> take();
  }
}
