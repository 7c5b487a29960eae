package im.parley.cli;

import im.parley.config.Settings;
import java.util.List;
import picocli.CommandLine.Option;

/** The settings that have a flag of their own. */
final class NodeFlags extends SettingsFlags {
  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "address of every port (127.0.0.1)")
  private String bind;

  @Option(
      names = "--ws-port",
      paramLabel = "PORTS",
      description = "WebSocket ports, comma separated (8089); 0 takes a free one")
  private String wsPort;

  @Option(names = "--http-port", paramLabel = "PORT", description = "pages and HTTP routes (8080)")
  private String httpPort;

  @Option(names = "--grpc-port", paramLabel = "PORT", description = "gRPC for services (9001)")
  private String grpcPort;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "health, metrics, admin (8081)")
  private String adminPort;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "directory of the embedded store (data)")
  private String data;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description = "where messages live: sqlite, or redis://host:port (sqlite)")
  private String store;

  @Option(
      names = "--auth",
      paramLabel = "MODE",
      description = "open (anyone may be anyone, this machine only) or jwt (open)")
  private String auth;

  @Option(
      names = "--cluster",
      description = "be one cluster with the other nodes; needs --store redis://host:port")
  private boolean cluster;

  @Option(
      names = "--cluster-name",
      paramLabel = "NAME",
      description = "nodes of another name are not joined (parley)")
  private String clusterName;

  @Option(
      names = "--cluster-port",
      paramLabel = "PORT",
      description = "membership, between nodes only (5701)")
  private String clusterPort;

  @Option(
      names = "--cluster-members",
      paramLabel = "HOST:PORT",
      description = "where other nodes may be found, comma separated")
  private String clusterMembers;

  @Override
  List<Settings.Flag> flags() {
    List<Settings.Flag> flags = super.flags();
    add(flags, "bind", bind);
    add(flags, "ws-port", wsPort);
    add(flags, "http-port", httpPort);
    add(flags, "grpc-port", grpcPort);
    add(flags, "admin-port", adminPort);
    add(flags, "data", data);
    add(flags, "store", store);
    add(flags, "auth", auth);
    add(flags, "cluster", cluster ? "true" : null);
    add(flags, "cluster-name", clusterName);
    add(flags, "cluster-port", clusterPort);
    add(flags, "cluster-members", clusterMembers);
    return flags;
  }
}
