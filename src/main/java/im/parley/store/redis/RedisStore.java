package im.parley.store.redis;

import im.parley.config.StoreConfig;
import im.parley.metrics.StoreReadings;
import im.parley.store.ConversationStore;
import im.parley.store.MessageStore;
import im.parley.store.RoomStore;
import im.parley.store.Store;
import im.parley.store.StoreUnusable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shared store of a cluster: one Redis server, or a Redis Cluster, that all nodes use.
 *
 * <h2>Keys</h2>
 *
 * <p>None of them expires, but for the turn. What belongs to one conversation has the hash tag
 * {@code {c:<conversation>}}, and every step within a conversation is one function.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><td>{@code {c:…}:head}</td><td>hash</td><td>{@code epoch}; {@code reign} in which it was drawn; {@code first},
 *     the lowest offset that retention has left, 1 if absent; {@code joined} once a direct conversation has its members.
 *     From the first append, or the making of the room, on</td></tr>
 * <tr><td>{@code {c:…}:log}</td><td>stream</td><td>a record ({@link Entry}) under the id {@code 0-<offset>}; the
 *     stream itself counts the offsets, also over what was trimmed, so none is given out twice. A message stays until
 *     retention has trimmed it and it is 24 hours old</td></tr>
 * <tr><td>{@code {c:…}:cids}</td><td>hash</td><td>sender and cid (two netstrings) to offset, as long as the
 *     record</td></tr>
 * <tr><td>{@code {c:…}:members}</td><td>hash</td><td>user to {@code role since joined delivered read}, while a
 *     member</td></tr>
 * <tr><td>{@code {c:…}:users}</td><td>sorted set, scores 0</td><td>the same users, in order</td></tr>
 * <tr><td>{@code {c:…}:room}</td><td>hash</td><td>{@code room}, {@code name}, {@code owner}, {@code policy},
 *     {@code created}; for good</td></tr>
 * <tr><td>{@code {r:<room>}:conversation}</td><td>string</td><td>the room's conversation; for good</td></tr>
 * <tr><td>{@code {u:<user>}:conversations}</td><td>sorted set, scores 0</td><td>conversations the user may be
 *     in</td></tr>
 * <tr><td>{@code {u:<user>}:rooms}</td><td>sorted set, scores 0</td><td>rooms the user may be in, each with its
 *     conversation</td></tr>
 * <tr><td>{@code {rooms}:open}</td><td>sorted set, scores 0</td><td>rooms that may be open, each with its
 *     conversation</td></tr>
 * <tr><td>{@code {sweep}:turn}</td><td>string</td><td>a minute's round of retention is taken; a minute</td></tr>
 * <tr><td>{@code {probe:<n>}:probe}</td><td>string</td><td>nothing; written while writes fail</td></tr>
 * </table>
 *
 * <p>The lists (of users, of open rooms) are in other slots than what they name. They are written
 * before it and cleared after it: a crash in between leaves an entry too many, which readers pass
 * over because they look at the conversation itself, and never one too few.
 *
 * <h2>What is guaranteed</h2>
 *
 * <p>A message is acknowledged when Redis has done what {@code store.redis-durability} says:
 *
 * <ul>
 *   <li>{@code memory}: it is in the primary's memory. A crash of its process loses it.
 *   <li>{@code everysec}: it is written to the append-only file, too. A crash of the process loses
 *       nothing, one of the machine or its power the last one or two seconds.
 *   <li>{@code always}: it is synced to the append-only file. Power loss loses nothing. The loss of
 *       the machine does, and a failover to a replica may lose the last moments.
 *   <li>{@code replicated:N}: it is in the memory of N replicas too. The loss of the primary loses
 *       nothing if one of those that have it is promoted: Redis promotes the one that says it has
 *       most, but there is no consensus, so a partition at that moment can lose what was
 *       acknowledged. When fewer than N answer in time, the message is refused but may be stored;
 *       the same cid then finds it.
 * </ul>
 *
 * <p>Whatever is lost is noticed: within one epoch an offset always means the same message. A
 * primary has a replication id that it draws when it starts and when it is promoted (a reign). A
 * conversation remembers the reign of its epoch, and gets a new random epoch when it is first
 * touched in another, by whichever node. So every restart of Redis, and every failover, changes
 * epochs, also those where nothing was lost; so does a primary that gets its first replica, or one
 * again after an hour without. A connection that lasts from one reign of a server to its next
 * notices within a second; Sentinel ends such connections itself.
 *
 * <p>In a Redis Cluster each primary fails alone: when one loses its last writes, lists on it may
 * miss a conversation that another still has, until the next message or join there.
 *
 * <p>One event loop of Vert.x is the store's thread; all futures complete on it, those of the
 * appends of one conversation in the order in which this node was asked, which is that of offsets.
 */
public final class RedisStore implements Store {
  private static final Logger log = LoggerFactory.getLogger(RedisStore.class);
  private static final long TICK_MS = 20;
  // Time for each of several servers to be tried, and then their cluster.
  private static final int PATIENCE = 5;

  private final Vertx vertx;
  private final Loop loop;
  private final Gate writes;
  private final Gate reads;
  private final Tally tally = new Tally();
  private final Shards shards;
  private final Sweep sweep;
  private final RedisMessageStore messages;
  private final RedisConversationStore conversations;
  private final RedisRoomStore rooms;
  private long timer;

  private RedisStore(Vertx vertx, Context context, StoreConfig config, Clock clock) {
    this.vertx = vertx;
    this.loop = new Loop(context);
    this.writes = new Gate(loop, config.queue());
    this.reads = new Gate(loop, config.queue());
    RandomGenerator random = new SplittableRandom(new SecureRandom().nextLong());
    Events events = new Events();
    this.shards =
        new Shards(
            new Link.Setting(
                vertx, loop, config.redis(), new Handshake(config.redis()), tally, random, events));
    Openings openings = new Openings(shards);
    events.shards = shards;
    events.openings = openings;
    Epochs epochs = new Epochs(shards, random);
    this.sweep = new Sweep(config, vertx, shards, clock, tally);
    this.messages = new RedisMessageStore(writes, reads, shards, openings, epochs);
    this.conversations = new RedisConversationStore(writes, reads, shards, epochs);
    this.rooms = new RedisRoomStore(writes, reads, shards, epochs, clock);
  }

  /** What the links report goes to those who remember something of Redis. Store loop only. */
  private static final class Events implements Link.Listener {
    private Shards shards;
    private Openings openings;

    @Override
    public void onMoved() {
      shards.refresh();
    }

    @Override
    public void onReign() {
      openings.forget();
    }
  }

  /**
   * Connects to {@code config.addresses()}. Blocks, as that of the embedded store does, because a
   * node serves nobody before it knows that its store is as durable as it is configured to be; not
   * to be called on an event loop. Throws {@link StoreUnusable} with one line for the operator when
   * Redis is away or not as it must be; once open, the store waits for a Redis that goes away.
   */
  public static RedisStore open(Vertx vertx, StoreConfig config, Clock clock) {
    List<Address> addresses = config.addresses().stream().map(Address::of).toList();
    Context context = ((VertxInternal) vertx).createEventLoopContext();
    RedisStore store = new RedisStore(vertx, context, config, clock);
    CompletableFuture<Void> opened = new CompletableFuture<>();
    context.runOnContext(
        start ->
            store
                .start(addresses)
                .onComplete(
                    done -> {
                      if (done.succeeded()) {
                        opened.complete(null);
                      } else {
                        opened.completeExceptionally(done.cause());
                      }
                    }));
    try {
      opened.get(
          PATIENCE * addresses.size() * config.redis().timeout().toMillis(), TimeUnit.MILLISECONDS);
      log.info("store open [redis: {}]", addresses);
      return store;
    } catch (ExecutionException e) {
      store.abandon();
      throw e.getCause() instanceof StoreUnusable unusable
          ? unusable
          : new StoreUnusable("redis cannot be used: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      store.abandon();
      throw new StoreUnusable("redis at %s does not answer".formatted(addresses), e);
    }
  }

  @Override
  public MessageStore messages() {
    return messages;
  }

  @Override
  public ConversationStore conversations() {
    return conversations;
  }

  @Override
  public RoomStore rooms() {
    return rooms;
  }

  @Override
  public StoreHealth health() {
    return shards.health();
  }

  @Override
  public StoreReadings stats() {
    return tally.snapshot(writes, reads);
  }

  @Override
  public Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    Future.all(writes.close(), reads.close())
        .onComplete(
            empty ->
                loop.execute(
                    () -> {
                      end();
                      closed.tryComplete();
                    }));
    return closed.future();
  }

  /** Trims all that is to be trimmed now. */
  Future<Void> trim() {
    return writes.enter(sweep::round);
  }

  private Future<Void> start(List<Address> addresses) {
    timer = vertx.setPeriodic(TICK_MS, tick -> shards.tick(System.nanoTime()));
    sweep.start();
    return shards.open(addresses);
  }

  private void abandon() {
    loop.execute(this::end);
  }

  private void end() {
    vertx.cancelTimer(timer);
    sweep.close();
    shards.close();
  }
}
