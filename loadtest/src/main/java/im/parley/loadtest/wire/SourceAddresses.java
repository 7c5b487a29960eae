package im.parley.loadtest.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * The local addresses that connections are bound to in turn. One pair of source address and server
 * port carries at most as many connections as there are local ports, so a million needs several.
 */
public final class SourceAddresses {
  /** Lets the kernel choose. */
  public static final SourceAddresses ANY = new SourceAddresses(List.of());

  private final List<InetSocketAddress> addresses;

  private SourceAddresses(List<InetSocketAddress> addresses) {
    this.addresses = addresses;
  }

  /**
   * Reads a comma list of IPv4 addresses and ranges, {@code 127.0.0.2-127.0.0.60}; empty for any.
   *
   * @throws IllegalArgumentException naming what was given and what was expected
   */
  public static SourceAddresses parse(String value) {
    if (value == null || value.isBlank()) {
      return ANY;
    }
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String part : value.split(",")) {
      String[] ends = part.trim().split("-", -1);
      if (ends.length > 2) {
        throw new IllegalArgumentException("source " + part + ": expected first-last");
      }
      long first = number(ends[0]);
      long last = number(ends[ends.length - 1]);
      if (first > last || last - first > 65535) {
        throw new IllegalArgumentException("source " + part + ": expected an ascending range");
      }
      for (long at = first; at <= last; at++) {
        addresses.add(new InetSocketAddress(address(at), 0));
      }
    }
    return new SourceAddresses(List.copyOf(addresses));
  }

  public int size() {
    return addresses.size();
  }

  /** The address for the n-th connection to a target, or null for any. */
  InetSocketAddress get(int n) {
    return addresses.isEmpty() ? null : addresses.get(n % addresses.size());
  }

  private static long number(String text) {
    String[] bytes = text.trim().split("\\.", -1);
    long value = 0;
    for (String part : bytes) {
      if (bytes.length != 4 || !part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
        throw new IllegalArgumentException("source " + text + ": expected an IPv4 address");
      }
      value = value << 8 | Integer.parseInt(part);
    }
    return value;
  }

  private static InetAddress address(long value) {
    byte[] bytes = {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are always an address", e);
    }
  }
}
