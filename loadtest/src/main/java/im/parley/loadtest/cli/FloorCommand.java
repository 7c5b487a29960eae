package im.parley.loadtest.cli;

import im.parley.loadtest.floor.FloorServer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "floor",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Run the floor: a raw Netty server with the same envelope that stores and checks nothing.")
final class FloorCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9109",
      description =
          "on 127.0.0.1, for WebSocket at any path; 0 takes a free one (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--loops",
      paramLabel = "N",
      defaultValue = "0",
      description = "event loops; 0 for one per core")
  private int loops;

  @Override
  public Integer call() throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    FloorServer server = FloorServer.start(port, loops > 0 ? loops : cores);
    System.out.println("floor ready [port: " + server.port() + "]");
    server.awaitClose();
    return ExitCode.OK;
  }
}
