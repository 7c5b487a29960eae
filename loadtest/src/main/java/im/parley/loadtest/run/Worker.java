package im.parley.loadtest.run;

import im.parley.loadtest.measure.Sample;
import io.vertx.core.Future;

/**
 * Generates one worker's load, in this process or in another. Phases come one after another; a
 * sample may be taken at any time.
 */
interface Worker {
  /** Completes when the worker has done what the phase asks. */
  Future<Void> enter(String phase);

  /** What happened since the sample before; valid until the next is taken. */
  Future<Sample> take();

  /** Ends it with all its connections. */
  Future<Void> stop();
}
