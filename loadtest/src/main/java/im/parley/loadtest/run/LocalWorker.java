package im.parley.loadtest.run;

import com.sun.management.OperatingSystemMXBean;
import im.parley.loadtest.measure.Sample;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker in this process: a Vert.x of its own with one verticle per event loop. */
final class LocalWorker implements Worker {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Vertx vertx;
  private final List<LoopVerticle> loops;
  // Guarded by the one sample at a time that the coordinator takes
  private long cpuNanos = SYSTEM.getProcessCpuTime();
  private long cpuAt = System.nanoTime();

  private LocalWorker(Vertx vertx, List<LoopVerticle> loops) {
    this.vertx = vertx;
    this.loops = loops;
  }

  static Future<Worker> start(WorkerPlan plan) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(plan.loops())
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                // A busy loop is reported by the run's own figures.
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS));
    List<LoopVerticle> loops = new ArrayList<>();
    List<Future<String>> deployed = new ArrayList<>();
    for (int i = 0; i < plan.loops(); i++) {
      LoopVerticle loop = new LoopVerticle(plan, i);
      loops.add(loop);
      deployed.add(vertx.deployVerticle(loop));
    }
    return Future.all(deployed).map(new LocalWorker(vertx, loops));
  }

  @Override
  public Future<Void> enter(String phase) {
    return Future.all(loops.stream().map(loop -> loop.enter(phase)).toList()).mapEmpty();
  }

  @Override
  public Future<Sample> take() {
    return Future.all(loops.stream().map(LoopVerticle::take).toList())
        .map(
            all -> {
              Sample sum = Sample.sumBeside(all.list());
              long cpu = SYSTEM.getProcessCpuTime();
              long now = System.nanoTime();
              sum.processCpu((cpu - cpuNanos) / (double) Math.max(1, now - cpuAt));
              cpuNanos = cpu;
              cpuAt = now;
              return sum;
            });
  }

  @Override
  public Future<Void> stop() {
    return vertx.close();
  }
}
