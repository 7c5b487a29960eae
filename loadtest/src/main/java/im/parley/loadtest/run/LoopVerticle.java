package im.parley.loadtest.run;

import im.parley.loadtest.measure.LoopMeter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.scenario.LoopContext;
import im.parley.loadtest.scenario.Scenario;
import im.parley.loadtest.wire.WireLoop;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;

/** One event loop with its share of the connections. A worker deploys one for each core. */
final class LoopVerticle extends VerticleBase {
  private static final long PROBE_NANOS = 10_000_000;

  private final WorkerPlan plan;
  private final int loop;

  // Event loop only
  private EventLoop eventLoop;
  private LoopMeter meter;
  private WireLoop wire;
  private Scenario scenario;
  private long probeDue;

  LoopVerticle(WorkerPlan plan, int loop) {
    this.plan = plan;
    this.loop = loop;
  }

  @Override
  public Future<?> start() {
    eventLoop = ((ContextInternal) context).nettyEventLoop();
    meter = new LoopMeter();
    wire = new WireLoop(eventLoop, plan.targets(), plan.sources());
    scenario =
        plan.kind()
            .on(
                new LoopContext(
                    plan.options(),
                    vertx,
                    eventLoop,
                    wire,
                    meter,
                    plan.worker() * plan.loops() + loop,
                    plan.workers() * plan.loops(),
                    plan.ids(loop),
                    plan.tokens()));
    probeDue = System.nanoTime() + PROBE_NANOS;
    eventLoop.schedule(this::probe, PROBE_NANOS, TimeUnit.NANOSECONDS);
    return Future.succeededFuture();
  }

  /** Every 10 ms, and when it could not run, once for each time that it should have. */
  private void probe() {
    long now = System.nanoTime();
    while (probeDue <= now) {
      meter.record(Metric.LAG, probeDue, now);
      probeDue += PROBE_NANOS;
    }
    eventLoop.schedule(this::probe, probeDue - now, TimeUnit.NANOSECONDS);
  }

  /** From any thread. */
  Future<Void> enter(String phase) {
    return Future.future(
        promise -> eventLoop.execute(() -> scenario.enter(phase).onComplete(promise)));
  }

  /** From any thread. */
  Future<Sample> take() {
    return Future.future(
        promise ->
            eventLoop.execute(
                () -> {
                  Sample sample = meter.take();
                  sample.levels(scenario.open(), scenario.ready());
                  sample.refusal(wire.refusal());
                  promise.complete(sample);
                }));
  }
}
