package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.LoopMeter;
import im.parley.loadtest.wire.WireLoop;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Where a loop's scenario runs and what its share of the whole run is. Event loop only.
 *
 * @param index of this loop among those of all workers
 * @param count of the loops of all workers
 * @param ids the numbers of its connections
 * @param tokens by connection number; empty without
 */
public record LoopContext(
    Options options,
    Vertx vertx,
    EventLoop eventLoop,
    WireLoop wire,
    LoopMeter meter,
    int index,
    int count,
    int[] ids,
    List<String> tokens) {

  /** This loop's part of something that is given for the whole run, by its connections. */
  double share(double whole) {
    return whole * ids.length / Math.max(1, options.connections);
  }

  /**
   * The same for something whole; the loops' parts add up to it as long as each is at least one.
   */
  int portion(int whole) {
    int part = whole / count + (index < whole % count ? 1 : 0);
    return Math.max(1, part);
  }

  /**
   * Until it is cancelled. Each costs its loop a wake-up every time: for as long as it is needed.
   */
  Future<?> every(long millis, Runnable task) {
    return eventLoop.scheduleAtFixedRate(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  void after(long nanos, Runnable task) {
    eventLoop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }
}
