package im.parley.http;

import im.parley.cluster.Membership;
import im.parley.cluster.NodeInfo;
import im.parley.config.Config;
import im.parley.config.ServerConfig;
import im.parley.protocol.ErrorCode;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code GET /gateways}: the nodes that a client may use, least loaded first. A node alone that was
 * not told its address takes the one that it was asked at; of others without one nothing is said.
 */
public final class Gateways {
  // RFC 3986 §3.2: a name, an IPv4 address or an IPv6 address in brackets, and a port.
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");

  private final Membership membership;
  private final ServerConfig server;
  private final boolean asAsked;

  /** For the HTTP port of a node. */
  public Gateways(Membership membership, Config config) {
    this.membership = membership;
    this.server = config.server();
    this.asAsked = !config.cluster().enabled() && config.cluster().advertise().isEmpty();
  }

  void mount(Router router) {
    router.get("/gateways").handler(CrossOrigin::allow).handler(this::list);
  }

  private void list(RoutingContext context) {
    context.response().putHeader("Cache-Control", "no-store");
    List<Map<String, Object>> gateways =
        membership.nodes().stream()
            .map(
                node ->
                    asAsked && node.id() == membership.self()
                        ? reached(node, context.request())
                        : node)
            .filter(node -> !node.url().isEmpty())
            .sorted(NodeInfo.LEAST_LOADED_FIRST)
            .map(Gateways::describe)
            .toList();
    Answers.coded(context, 200, ErrorCode.OK, Map.of("gateways", gateways));
  }

  private NodeInfo reached(NodeInfo self, HttpServerRequest request) {
    String host = request.getHeader("Host");
    if (host == null || !AUTHORITY.matcher(host).matches()) {
      return self;
    }
    String secure = isSecure(request) ? "s" : "";
    return new NodeInfo(
        self.id(),
        self.name(),
        self.version(),
        "ws" + secure + "://" + host + "/acc",
        "http" + secure + "://" + host,
        self.connections(),
        self.capacity(),
        self.draining());
  }

  private boolean isSecure(HttpServerRequest request) {
    InetAddress peer =
        NetUtil.createInetAddressFromIpAddressString(request.remoteAddress().hostAddress());
    return server.hasTls()
        || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"))
            && server.trustedProxies().stream().anyMatch(block -> block.contains(peer));
  }

  private static Map<String, Object> describe(NodeInfo node) {
    Map<String, Object> gateway = new LinkedHashMap<>();
    gateway.put("node", node.name());
    gateway.put("url", node.url());
    gateway.put("http", node.http());
    gateway.put("connections", node.connections());
    gateway.put("capacity", node.capacity());
    gateway.put("draining", node.draining());
    return gateway;
  }
}
