package im.parley.loadtest.run;

import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.scenario.Phase;

/** Told of a run's progress, on the coordinator's thread. */
public interface Watcher {
  /** Keeps it to itself. */
  Watcher SILENT =
      new Watcher() {
        @Override
        public void onTick(Phase phase, double since, Tick tick, PhaseTotals soFar) {}

        @Override
        public void onPhaseEnd(PhaseTotals phase) {}
      };

  /**
   * @param since seconds that the phase has lasted
   */
  void onTick(Phase phase, double since, Tick tick, PhaseTotals soFar);

  void onPhaseEnd(PhaseTotals phase);
}
