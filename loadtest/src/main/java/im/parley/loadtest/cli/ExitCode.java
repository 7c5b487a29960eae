package im.parley.loadtest.cli;

import im.parley.loadtest.run.RunResult;

/** What the process ends with. */
final class ExitCode {
  /** measured, and nothing failed */
  static final int OK = 0;

  /** measured, but something failed, was refused or did not arrive */
  static final int UNCLEAN = 1;

  /** the command line is wrong, or the run could not begin */
  static final int USAGE = 2;

  /** the generator was saturated: the figures say nothing */
  static final int SATURATED = 3;

  /** ended by Ctrl-C */
  static final int INTERRUPTED = 130;

  private ExitCode() {}

  static int of(RunResult result) {
    if (result.interrupted()) {
      return INTERRUPTED;
    }
    if (!result.invalid().isEmpty()) {
      return SATURATED;
    }
    return result.isClean() ? OK : UNCLEAN;
  }
}
