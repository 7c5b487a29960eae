package im.parley.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * One file of the pages, in memory.
 *
 * @param type its Content-Type
 * @param modified when it was last changed, to the second
 * @param tag its strong ETag, with quotes
 */
record WebFile(Buffer content, String type, Instant modified, String tag) {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "txt", "text/plain; charset=utf-8");
  // RFC 9110 §5.6.7
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  static WebFile of(String name, byte[] content, Instant modified) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    return new WebFile(
        Buffer.buffer(content),
        type == null ? "application/octet-stream" : type,
        modified.truncatedTo(ChronoUnit.SECONDS),
        tag(content));
  }

  /** A variant of a text file. */
  WebFile replacing(String target, String replacement) {
    byte[] changed =
        content
            .toString(StandardCharsets.UTF_8)
            .replace(target, replacement)
            .getBytes(StandardCharsets.UTF_8);
    return new WebFile(Buffer.buffer(changed), type, modified, tag(changed));
  }

  /** As the Last-Modified header has it. */
  String lastModified() {
    return HTTP_DATE.format(modified);
  }

  /**
   * Whether a client that sent these headers has this very file. RFC 9110 §13.2.2: the tag is asked
   * first.
   */
  boolean isHad(String ifNoneMatch, String ifModifiedSince) {
    if (ifNoneMatch != null) {
      return ifNoneMatch.strip().equals("*") || ifNoneMatch.contains(tag);
    }
    return lastModified().equals(ifModifiedSince);
  }

  private static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
