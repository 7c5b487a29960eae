package im.parley.loadtest.scenario;

import java.time.Duration;

/**
 * A part of a run that all workers enter together.
 *
 * @param length how long it lasts; zero: until every loop has done what the phase asks
 * @param measured whether its figures are what the run is for; the generator must have kept up
 */
public record Phase(String name, Duration length, boolean measured) {
  static Phase untilDone(String name) {
    return new Phase(name, Duration.ZERO, false);
  }

  static Phase lasting(String name, Duration length) {
    return new Phase(name, length, false);
  }

  Phase toMeasure() {
    return new Phase(name, length, true);
  }

  public boolean isTimed() {
    return !length.isZero();
  }
}
