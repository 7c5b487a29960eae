package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "room",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Rooms of equal size whose members write in turn.")
final class RoomCommand extends ScenarioCommand {
  @Option(
      names = "--outstanding",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "closed loop: requests without an answer at any time, in all (${DEFAULT-VALUE})")
  private int outstanding;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "open loop: requests a second in all, sent on time whatever the answers do; 0 for the closed loop (${DEFAULT-VALUE})")
  private double rate;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      defaultValue = "10",
      description = "rooms; each has connections / rooms members (${DEFAULT-VALUE})")
  private int rooms;

  RoomCommand() {
    super(Kind.ROOM);
  }

  @Override
  void fill(Options options) {
    options.outstanding = outstanding;
    options.rate = rate;
    options.rooms = rooms;
  }
}
