package im.parley.cli;

import im.parley.config.ClusterConfig;
import im.parley.config.Config;
import im.parley.config.MemberAddress;
import im.parley.config.ServerConfig;
import im.parley.config.Settings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Looks before a node starts at what can only be known on this machine, so that a taken port or an
 * unwritable directory is told by the name of its setting.
 */
final class Preflight {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Settings settings;

  private Preflight(Settings settings) {
    this.settings = settings;
  }

  static void check(Settings settings, Config config) {
    Preflight preflight = new Preflight(settings);
    preflight.checkPorts(config.server());
    preflight.checkCluster(config.cluster());
    preflight.checkDirectory(config.store().data());
  }

  private void checkPorts(ServerConfig server) {
    InetAddress address = address("bind", server.bind());
    server.wsPorts().forEach(port -> checkPort("ws-port", address, port));
    checkPort("http-port", address, server.httpPort());
    checkPort("grpc-port", address, server.grpcPort());
    checkPort("admin-port", address, server.adminPort());
  }

  private void checkCluster(ClusterConfig cluster) {
    if (!cluster.enabled()) {
      return;
    }
    InetAddress address = address("cluster.bind", cluster.bind());
    checkPort("cluster-port", address, cluster.port());
    checkPort("cluster.bus-port", address, cluster.busPort());
    for (MemberAddress member : cluster.members()) {
      try {
        InetAddress.getByName(member.host());
      } catch (UnknownHostException e) {
        throw settings.refusal("cluster-members", "hosts that are known, but not " + member.host());
      }
    }
  }

  private InetAddress address(String key, String bind) {
    try (ServerSocket any = new ServerSocket()) {
      InetAddress address = InetAddress.getByName(bind);
      any.bind(new InetSocketAddress(address, 0));
      return address;
    } catch (UnknownHostException e) {
      throw settings.refusal(key, "an address or name of this machine");
    } catch (IOException e) {
      throw settings.refusal(key, "an address of this machine");
    }
  }

  private void checkPort(String key, InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port));
    } catch (BindException e) {
      throw settings.refusal(key, "a free port, but " + port + " is taken");
    } catch (SocketException e) {
      throw settings.refusal(key, "a port that this user may take, but not " + port);
    } catch (IOException e) {
      throw settings.refusal(key, "a port that can be listened on: " + e.getMessage());
    }
  }

  private void checkDirectory(Path data) {
    try {
      if (Files.notExists(data)) {
        // What people wrote to each other is nobody else's on this machine.
        Files.createDirectories(data, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      }
    } catch (IOException e) {
      throw settings.refusal("data", "a directory that exists or can be created");
    }
    if (!Files.isDirectory(data)) {
      throw settings.refusal("data", "a directory that exists or can be created");
    }
    if (!Files.isWritable(data)) {
      throw settings.refusal("data", "a directory that this user can write");
    }
  }
}
