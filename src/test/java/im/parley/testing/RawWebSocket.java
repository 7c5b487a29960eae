package im.parley.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A WebSocket client that does exactly what it is told and nothing by itself: it can send any
 * bytes, split anywhere, and answers no ping and no close. Reads block, 10 seconds at most.
 */
public final class RawWebSocket implements AutoCloseable {
  public static final int FIN = 0x80;
  public static final int RSV1 = 0x40;
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int SMALL_BUFFER = 4096;
  private static final int MASK = 0x5A3C_960F;

  /** A frame from the server. */
  public record Frame(int flags, byte[] payload) {
    public int opcode() {
      return flags & 0x0F;
    }

    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Of a close frame; 0 if it has none. */
    public int closeCode() {
      return payload.length < 2 ? 0 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private RawWebSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /** A TCP connection only. */
  public static RawWebSocket connect(int port) throws IOException {
    return new RawWebSocket(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** An open WebSocket that takes few bytes before its reader has to. */
  public static RawWebSocket openSmall(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(SMALL_BUFFER); // before connecting, or the window is larger
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    RawWebSocket client = new RawWebSocket(socket);
    client.handshake();
    return client;
  }

  public static RawWebSocket over(Socket socket) throws IOException {
    return new RawWebSocket(socket);
  }

  /** An open WebSocket. */
  public static RawWebSocket open(int port, String... headers) throws IOException {
    RawWebSocket client = connect(port);
    client.handshake(headers);
    return client;
  }

  public static byte[] upgradeRequest(String... headers) {
    StringBuilder request =
        new StringBuilder("GET /acc HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n");
    request.append(
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Upgrades, and returns the response's head. */
  public String handshake(String... headers) throws IOException {
    send(upgradeRequest(headers));
    String head = readHead();
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no upgrade: " + head);
    }
    return head;
  }

  /** A masked frame of the least size. */
  public static byte[] frame(int flags, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
    frame.write(flags);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else if (payload.length <= 0xFFFF) {
      frame.write(0x80 | 126);
      writeNumber(frame, payload.length, 2);
    } else {
      frame.write(0x80 | 127);
      writeNumber(frame, payload.length, 8);
    }
    writeNumber(frame, MASK & 0xFFFFFFFFL, 4);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK >> 24 - 8 * (i % 4));
    }
    return frame.toByteArray();
  }

  public static byte[] frame(int flags, String payload) {
    return frame(flags, payload.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] closeFrame(int code, String reason) {
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[2 + utf8.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(utf8, 0, payload, 2, utf8.length);
    return frame(FIN | CLOSE, payload);
  }

  public static byte[] concat(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  private static void writeNumber(ByteArrayOutputStream to, long number, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      to.write((int) (number >> shift));
    }
  }

  /** Sends bytes as they are, in one segment if they fit. */
  public RawWebSocket send(byte[]... pieces) throws IOException {
    out.write(concat(pieces));
    out.flush();
    return this;
  }

  /** Sends bytes in segments of so many each. */
  public RawWebSocket sendChopped(byte[] bytes, int each) throws IOException {
    for (int i = 0; i < bytes.length; i += each) {
      send(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + each)));
    }
    return this;
  }

  public RawWebSocket sendText(String text) throws IOException {
    return send(frame(FIN | TEXT, text));
  }

  /** The head of an HTTP response. */
  public String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  /** So many characters of an HTTP response's body. */
  public String readBody(int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** All bytes until the server ends the connection. */
  public String readAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  public Frame read() throws IOException {
    int flags = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if ((length & 0x80) != 0) {
      throw new IOException("the server masked a frame");
    }
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame(flags, payload);
  }

  public String readText() throws IOException {
    Frame frame = read();
    if (frame.flags() != (FIN | TEXT)) {
      throw new IOException(
          "expected a text frame, got flags " + frame.flags() + ", " + frame.text());
    }
    return frame.text();
  }

  /** Skips data until the close frame. */
  public Frame readClose() throws IOException {
    Frame frame = read();
    while (frame.opcode() != CLOSE) {
      frame = read();
    }
    return frame;
  }

  /**
   * Whether the server ends the TCP connection now, orderly; false if it sends something or resets
   * it.
   */
  public boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SocketException e) {
      return false;
    }
  }

  /** Whether the server ends the TCP connection, orderly or not, before it sends anything. */
  public boolean isGone() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
