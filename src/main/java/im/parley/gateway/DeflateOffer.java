package im.parley.gateway;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Picks from the extensions a client offers the one we have, permessage-deflate (RFC 7692 §7.1).
 */
final class DeflateOffer {
  private static final String NAME = "permessage-deflate";

  /** The only window java.util.zip has. */
  private static final int WINDOW_BITS = 15;

  private static final int MIN_WINDOW_BITS = 8;

  private DeflateOffer() {}

  /**
   * The answer to the first offer that can be kept to; null if there is none, and then the
   * connection goes without.
   *
   * @param headers the Sec-WebSocket-Extensions headers of the request
   */
  static String answer(List<String> headers) {
    for (String header : headers) {
      for (String offer : split(header, ',')) {
        String answer = answer(offer);
        if (answer != null) {
          return answer;
        }
      }
    }
    return null;
  }

  private static String answer(String offer) {
    List<String> parts = split(offer, ';');
    if (!parts.get(0).equalsIgnoreCase(NAME)) {
      return null;
    }
    boolean windowAsked = false;
    Set<String> seen = new HashSet<>();
    for (String part : parts.subList(1, parts.size())) {
      int equals = part.indexOf('=');
      String name =
          (equals < 0 ? part : part.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
      String value = equals < 0 ? null : unquote(part.substring(equals + 1).strip());
      if (!seen.add(name) || !canKeep(name, value)) {
        return null;
      }
      windowAsked |= name.equals("server_max_window_bits");
    }
    // RFC 7692 §7.1.1: both may be answered unasked; §7.1.2.1: the window must be if it was asked
    // for
    return NAME
        + "; server_no_context_takeover; client_no_context_takeover"
        + (windowAsked ? "; server_max_window_bits=" + WINDOW_BITS : "");
  }

  private static boolean canKeep(String name, String value) {
    return switch (name) {
      case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
      // We cannot compress with a smaller window, but decompress what was.
      case "server_max_window_bits" -> windowBits(value) == WINDOW_BITS;
      case "client_max_window_bits" -> value == null || windowBits(value) > 0;
      default -> false;
    };
  }

  /** 8 to 15; 0 if it is anything else, such as "08". */
  private static int windowBits(String value) {
    for (int bits = MIN_WINDOW_BITS; bits <= WINDOW_BITS; bits++) {
      if (Integer.toString(bits).equals(value)) {
        return bits;
      }
    }
    return 0;
  }

  private static String unquote(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** Splits at a separator outside quoted strings. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    parts.add(text.substring(start).strip());
    return parts;
  }
}
