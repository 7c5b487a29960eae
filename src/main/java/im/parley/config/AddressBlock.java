package im.parley.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * Addresses that share their first bits, as in {@code 10.0.0.0/8}; one address alone is a block of
 * all its bits. Names are not resolved.
 *
 * @param network the first address, without the bits that differ
 * @param bits how many bits are shared
 */
public record AddressBlock(InetAddress network, int bits) {

  /**
   * Reads {@code address} or {@code address/bits}.
   *
   * @throws IllegalArgumentException if it is neither, or has bits beyond those shared
   */
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network = NetUtil.createInetAddressFromIpAddressString(before(text, slash));
    if (network == null) {
      throw new IllegalArgumentException("no address");
    }
    int size = network.getAddress().length * 8;
    int bits = slash < 0 ? size : Integer.parseInt(text.substring(slash + 1));
    if (bits < 0 || bits > size || !Arrays.equals(masked(network, bits), network.getAddress())) {
      throw new IllegalArgumentException("no block");
    }
    return new AddressBlock(network, bits);
  }

  private static String before(String text, int slash) {
    return slash < 0 ? text : text.substring(0, slash);
  }

  /** Whether the address is one of them. */
  public boolean contains(InetAddress address) {
    return Arrays.equals(masked(address, bits), network.getAddress());
  }

  private static byte[] masked(InetAddress address, int bits) {
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.min(8, Math.max(0, bits - 8 * i));
      bytes[i] &= (byte) (0xFF00 >> kept);
    }
    return bytes;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + '/' + bits;
  }
}
