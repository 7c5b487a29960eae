package im.parley.loadtest.verify.check;

import java.util.function.Consumer;

/** Looks for what breaks one or a few rules. Keeps nothing between two histories. */
@FunctionalInterface
interface Check {
  void check(Evidence evidence, Consumer<Violation> found);
}
