package im.parley.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The server's side of the opening handshake, RFC 6455 §4.2: either what is agreed, or why not.
 *
 * @param status 101, or the error's
 * @param fault the body of an error, lines with their ends; empty for 101
 * @param accept the Sec-WebSocket-Accept value
 * @param subprotocol the selected one; null if none is
 * @param extension the answer to the client's permessage-deflate; null if it is not used
 */
record Handshake(int status, String fault, String accept, String subprotocol, String extension) {
  static final String VERSION = "13";

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** Asking the providers for one costs more than a digest. */
  private static final ThreadLocal<MessageDigest> SHA_1 = ThreadLocal.withInitial(Handshake::sha1);

  private static final int KEY_BYTES = 16;
  private static final int KEY_CHARACTERS = 24;

  /** What prim's server says to a request that is no upgrade. */
  private static final String NO_UPGRADE = "Bad Request\n404 page not found\n";

  static Handshake of(HttpServerRequest request, WebSocketOptions options) {
    List<String> upgrade = request.headers().getAll("Upgrade");
    List<String> connection = request.headers().getAll("Connection");
    if (!hasToken(upgrade, "websocket")) {
      return refused(400, NO_UPGRADE);
    }
    if (request.method() != HttpMethod.GET) {
      return refused(400, "method is " + request.method() + ", expected GET\n");
    }
    if (request.version() != HttpVersion.HTTP_1_1) {
      return refused(400, "version is " + request.version() + ", expected HTTP/1.1\n");
    }
    if (!hasToken(connection, "upgrade")) {
      return refused(400, "Connection is " + connection + ", expected Upgrade\n");
    }
    int hosts = request.headers().getAll(HttpHeaders.HOST).size();
    if (hosts != 1) {
      return refused(400, hosts + " Host headers, expected one\n");
    }
    if (hasBody(request)) {
      return refused(400, "the request has a body, expected none\n");
    }
    List<String> versions = request.headers().getAll("Sec-WebSocket-Version");
    if (!versions.equals(List.of(VERSION))) {
      return refused(426, "Sec-WebSocket-Version is " + versions + ", expected 13\n");
    }
    List<String> keys = request.headers().getAll("Sec-WebSocket-Key");
    if (keys.size() != 1 || !isKey(keys.get(0))) {
      return refused(400, "Sec-WebSocket-Key is " + keys + ", expected 16 bytes in base64\n");
    }
    String origin = request.getHeader("Origin");
    if (!isAllowed(origin, options.allowedOrigins())) {
      return refused(403, "Origin " + origin + " is not allowed\n");
    }
    return new Handshake(
        101,
        "",
        acceptValue(keys.get(0)),
        subprotocol(request.headers().getAll("Sec-WebSocket-Protocol"), options.subprotocols()),
        options.compression()
            ? DeflateOffer.answer(request.headers().getAll("Sec-WebSocket-Extensions"))
            : null);
  }

  private static Handshake refused(int status, String fault) {
    return new Handshake(status, fault, null, null, null);
  }

  boolean isAgreed() {
    return status == 101;
  }

  /** The response's head as it is on the wire. */
  String response() {
    StringBuilder head = new StringBuilder(256);
    head.append(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
    head.append("Sec-WebSocket-Accept: ").append(accept).append("\r\n");
    if (subprotocol != null) {
      head.append("Sec-WebSocket-Protocol: ").append(subprotocol).append("\r\n");
    }
    if (extension != null) {
      head.append("Sec-WebSocket-Extensions: ").append(extension).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  private static boolean hasToken(List<String> headers, String token) {
    for (String header : headers) {
      if (header.equalsIgnoreCase(token)) {
        return true; // as most say it
      }
      for (String each : header.split(",")) {
        if (each.strip().equalsIgnoreCase(token)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Its bytes would be taken for frames. */
  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || length != null && !length.strip().equals("0");
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == KEY_CHARACTERS && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The check guards browsers' users; whoever is no browser can send any Origin, and so may send
   * none.
   */
  private static boolean isAllowed(String origin, List<String> allowed) {
    return allowed.isEmpty()
        || origin == null
        || allowed.stream().anyMatch(origin::equalsIgnoreCase);
  }

  /** The first of the client's that we have. */
  private static String subprotocol(List<String> headers, List<String> known) {
    for (String header : headers) {
      for (String each : header.split(",")) {
        if (known.contains(each.strip())) {
          return each.strip();
        }
      }
    }
    return null;
  }

  private static String acceptValue(String key) {
    byte[] digest = SHA_1.get().digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
    return Base64.getEncoder().encodeToString(digest);
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }
}
