package im.parley.loadtest.verify.run;

import im.parley.loadtest.verify.check.Checker;
import im.parley.loadtest.verify.check.Verdict;
import im.parley.loadtest.verify.client.ClientSettings;
import im.parley.loadtest.verify.client.Crowd;
import im.parley.loadtest.verify.client.Population;
import im.parley.loadtest.verify.fault.Fault;
import im.parley.loadtest.verify.history.Event.FaultBegan;
import im.parley.loadtest.verify.history.Event.FaultEnded;
import im.parley.loadtest.verify.history.History;
import im.parley.loadtest.verify.history.Recorder;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One run: a crowd writes while faults come and go, then all is healed, everybody syncs, the logs
 * are read back, and the history is judged.
 */
public final class VerifyRun {
  private static final long POLL_MILLIS = 50;

  private final VerifyPlan plan;
  private final ClientSettings clients;
  private final List<Supplier<Fault>> faults;
  private final PrintWriter progress;
  private final long begun = System.nanoTime();

  /**
   * @param faults that happen in turn, over and over, each at least once
   * @param progress a line for each thing that begins
   */
  public VerifyRun(
      VerifyPlan plan, ClientSettings clients, List<Supplier<Fault>> faults, PrintWriter progress) {
    this.plan = plan;
    this.clients = clients;
    this.faults = List.copyOf(faults);
    this.progress = progress;
  }

  /**
   * @throws IOException if the run could not begin, or a fault could not be done or undone
   */
  public Verdict run() throws IOException, InterruptedException {
    Random random = new Random(plan.seed());
    String prefix = "v" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    Population population = Population.draw(plan.users(), plan.rooms(), prefix, random);
    try (Recorder recorder = Recorder.to(plan.history());
        Crowd crowd = Crowd.of(population, clients, recorder, random, plan.epochsMayChange())) {
      enter(crowd);
      crowd.speak(plan.rate()).await();
      disturb(recorder);
      say("nobody writes any more; %d messages found a full outbox", crowd.hush().await());
      settle(crowd);
    }
    say("judging");
    return Checker.check(History.read(plan.history()));
  }

  private void enter(Crowd crowd) throws IOException, InterruptedException {
    if (!completes(crowd.enter()) || !becomesZero(crowd::absent)) {
      throw new IOException("%d devices could not log in".formatted(crowd.absent().await()));
    }
    say("all devices are logged in");
  }

  private void disturb(Recorder recorder) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long end = start + plan.duration().toNanos();
    // The first one finds everybody writing.
    long next = start + plan.every().minus(plan.lasting()).toNanos();
    for (int i = 0; i < faults.size() || happensBy(end, next); i++) {
      sleepUntil(next);
      Fault fault = faults.get(i % faults.size()).get();
      say("%d acknowledged; %s", recorder.acks(), fault.name());
      recorder.record(new FaultBegan(fault.name(), fault.epochsMayChange()));
      fault.begin();
      sleepUntil(next + plan.lasting().toNanos());
      fault.end();
      recorder.record(new FaultEnded(fault.name()));
      say("%d acknowledged; healed", recorder.acks());
      long rest = plan.every().minus(plan.lasting()).toNanos();
      next = Math.max(next + plan.every().toNanos(), System.nanoTime() + rest);
    }
    sleepUntil(end);
  }

  private boolean happensBy(long end, long next) {
    return !faults.isEmpty() && next + plan.lasting().toNanos() <= end;
  }

  private void settle(Crowd crowd) throws InterruptedException {
    if (!becomesZero(crowd::unacknowledged)) {
      say("%d messages are without an acknowledgement", crowd.unacknowledged().await());
    }
    say(completes(crowd.complete()) ? "all have synced" : "some could not sync");
    say(completes(crowd.audit()) ? "all logs are read" : "some logs could not be read");
  }

  private boolean becomesZero(Supplier<Future<Long>> count) throws InterruptedException {
    long deadline = System.nanoTime() + plan.settle().toNanos();
    while (count.get().await() > 0) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return true;
  }

  private boolean completes(Future<Void> future) {
    try {
      future.await(plan.settle().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
  }

  private void say(String format, Object... arguments) {
    double seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1e3;
    progress.printf("%7.1f s  %s%n", seconds, format.formatted(arguments));
    progress.flush();
  }
}
