package im.parley.loadtest.scenario;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The scenarios, each with its phases. */
public enum Kind {
  CONNECT(ConnectScenario::new),
  DIRECT(DirectScenario::new),
  ROOM(RoomScenario::new),
  BROADCAST(BroadcastScenario::new),
  PING(PingScenario::new),
  EXPIRE(ExpireScenario::new),
  STORM(StormScenario::new),
  CHURN(ChurnScenario::new),
  SCALE(ScaleScenario::new);

  private final Function<LoopContext, Scenario> maker;

  Kind(Function<LoopContext, Scenario> maker) {
    this.maker = maker;
  }

  /** For one loop, made on it. */
  public Scenario on(LoopContext context) {
    return maker.apply(context);
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public List<Phase> phases(Options options) {
    Phase connect = Phase.untilDone(Scenario.CONNECT);
    Phase warmUp = Phase.lasting(Scenario.WARM_UP, options.warmup);
    Phase run = Phase.lasting(Scenario.RUN, options.duration).toMeasure();
    Phase quiet = Phase.lasting(Scenario.QUIET, options.quiet);
    Phase create = Phase.untilDone(RoomScenario.CREATE);
    Phase join = Phase.untilDone(RoomScenario.JOIN);
    return switch (this) {
      case CONNECT ->
          List.of(connect.toMeasure(), Phase.lasting("hold", options.duration).toMeasure());
      case DIRECT -> List.of(connect, warmUp, run, quiet);
      case ROOM -> List.of(connect, create, join, warmUp, run, quiet);
      case BROADCAST ->
          List.of(connect, create, join, Phase.untilDone(Scenario.RUN).toMeasure(), quiet);
      case PING ->
          List.of(
              connect,
              Phase.lasting(PingScenario.PAUSE, options.warmup),
              Phase.untilDone(Scenario.RUN).toMeasure());
      case EXPIRE ->
          List.of(
              connect,
              Phase.untilDone(ExpireScenario.LAST_BEAT),
              Phase.untilDone(ExpireScenario.SILENCE).toMeasure());
      case STORM ->
          List.of(
              connect,
              Phase.untilDone(StormScenario.BACKLOG),
              Phase.untilDone(StormScenario.STORM).toMeasure());
      case CHURN -> List.of(connect, run, quiet);
      case SCALE -> ScaleScenario.phases(options);
    };
  }
}
