package im.parley.gateway;

import im.parley.config.AddressBlock;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds whom a proxy speaks for. Each proxy adds to the end of {@code X-Forwarded-For} the address
 * that it was asked by, and what stands before may be a lie; so the client is the last one that is
 * no trusted proxy itself.
 */
final class Forwarded {
  static final String HEADER = "X-Forwarded-For";

  private Forwarded() {}

  /**
   * The client that a request is from.
   *
   * @param peer who connected
   * @param headers all values of {@link #HEADER}, in order
   * @param trusted proxies that are believed
   * @return null when the peer speaks for itself; else the client, with port 0 unless it was told
   */
  static InetSocketAddress client(
      InetAddress peer, List<String> headers, List<AddressBlock> trusted) {
    if (!isTrusted(peer, trusted)) {
      return null;
    }
    List<String> hops = new ArrayList<>();
    headers.forEach(header -> hops.addAll(List.of(header.split(","))));
    InetSocketAddress client = null;
    for (int i = hops.size() - 1; i >= 0; i--) {
      InetSocketAddress hop = read(hops.get(i).strip());
      if (hop == null) {
        return client;
      }
      client = hop;
      if (!isTrusted(hop.getAddress(), trusted)) {
        return client;
      }
    }
    return client;
  }

  private static boolean isTrusted(InetAddress address, List<AddressBlock> trusted) {
    return trusted.stream().anyMatch(block -> block.contains(address));
  }

  /** An address, in brackets or not, with a port or not; null when it is none. */
  private static InetSocketAddress read(String hop) {
    int colon = hop.lastIndexOf(':');
    boolean hasPort = colon > 0 && (hop.charAt(colon - 1) == ']' || hop.indexOf(':') == colon);
    String host = hasPort ? hop.substring(0, colon) : hop;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    return address == null
        ? null
        : new InetSocketAddress(address, hasPort ? port(hop.substring(colon + 1)) : 0);
  }

  private static int port(String text) {
    return text.matches("\\d{1,5}") ? Integer.parseInt(text) & 0xFFFF : 0;
  }
}
