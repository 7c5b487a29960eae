package im.parley.loadtest.run;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import im.parley.loadtest.wire.SourceAddresses;
import im.parley.loadtest.wire.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One worker's part of a run.
 *
 * @param worker its number, from 0
 * @param workers how many there are
 * @param loops event loops of each worker
 * @param tokens by connection number; empty without
 */
record WorkerPlan(
    Kind kind,
    Options options,
    int worker,
    int workers,
    int loops,
    List<Target> targets,
    SourceAddresses sources,
    List<String> tokens) {

  static WorkerPlan of(Kind kind, Options options, int worker) {
    return new WorkerPlan(
        kind,
        options,
        worker,
        options.workers,
        options.loopsOrCores(),
        Target.parse(options.targets),
        SourceAddresses.parse(options.sources),
        readTokens(options));
  }

  private static List<String> readTokens(Options options) {
    if (options.tokenFile == null) {
      return List.of();
    }
    try {
      return Files.readAllLines(options.tokenFile);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read --token-file " + options.tokenFile, e);
    }
  }

  /**
   * The numbers of a loop's connections: a block for each worker, dealt out to its loops in pairs.
   */
  int[] ids(int loop) {
    int first = (int) ((long) options.connections * worker / workers);
    int end = (int) ((long) options.connections * (worker + 1) / workers);
    return IntStream.range(first, end).filter(id -> (id - first) / 2 % loops == loop).toArray();
  }
}
