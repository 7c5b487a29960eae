package im.parley.loadtest.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection of the floor: handshake, frames, and the few actions, all in one handler. */
final class FloorConnection extends ChannelInboundHandlerAdapter {
  // RFC 6455 §1.3
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;

  private final FloorLoop loop;
  private final Collection<FloorLoop> loops;

  // Event loop only
  private ChannelHandlerContext ctx;
  private ByteBuf partial;
  private String user;
  private boolean upgraded;
  private boolean dirty;

  FloorConnection(FloorLoop loop, Collection<FloorLoop> loops) {
    this.loop = loop;
    this.loops = loops;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  void write(ByteBuf frame) {
    ctx.write(frame, ctx.voidPromise());
    if (!dirty) {
      dirty = true;
      loop.markDirty(this);
    }
  }

  void flushWritten() {
    dirty = false;
    ctx.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (partial != null) {
      partial.release();
      partial = null;
    }
    if (user != null) {
      loop.remove(this);
      loop.users.remove(user, this);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf input = (ByteBuf) message;
    if (partial != null) {
      partial.writeBytes(input);
      input.release();
      input = partial;
      partial = null;
    }
    try {
      while (context.channel().isActive() && (upgraded ? readFrame(input) : readRequest(input))) {
        // each turn takes one request or frame
      }
      if (input.isReadable()) {
        partial = context.alloc().heapBuffer(input.readableBytes()).writeBytes(input);
      }
    } finally {
      input.release();
    }
  }

  private boolean readRequest(ByteBuf input) {
    String text = input.toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    String head = text.substring(0, end);
    Matcher key = KEY.matcher(head);
    if (key.find()) {
      input.skipBytes(end + 4);
      upgraded = true;
      respond(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
              + accept(key.group(1))
              + "\r\n\r\n");
      return input.isReadable();
    }
    Matcher length = LENGTH.matcher(head);
    int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
    if (text.length() < end + 4 + body) {
      return false;
    }
    input.skipBytes(end + 4 + body);
    sendMessageAll(text.substring(end + 4, end + 4 + body));
    return input.isReadable();
  }

  private void sendMessageAll(String form) {
    Matcher message = Pattern.compile("(?:^|&)message=([^&]*)").matcher(form);
    String text =
        message.find() ? java.net.URLDecoder.decode(message.group(1), StandardCharsets.UTF_8) : "";
    pushToAll(text, null);
    String body = "{\"code\":200,\"msg\":\"Success\",\"data\":{\"sendResults\":true}}";
    respond(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private void respond(String text) {
    ctx.writeAndFlush(
        ctx.alloc().buffer().writeBytes(text.getBytes(StandardCharsets.ISO_8859_1)),
        ctx.voidPromise());
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  private boolean readFrame(ByteBuf input) {
    int at = input.readerIndex();
    int readable = input.readableBytes();
    if (readable < 6) {
      return false;
    }
    int length = input.getByte(at + 1) & 0x7F;
    int head = 6;
    if (length == 126) {
      if (readable < 8) {
        return false;
      }
      length = input.getUnsignedShort(at + 2);
      head = 8;
    } else if (length == 127) {
      ctx.close();
      return false;
    }
    if (readable < head + length) {
      return false;
    }
    int opcode = input.getByte(at) & 0x0F;
    byte[] payload = new byte[length];
    int mask = input.getInt(at + head - 4);
    input.getBytes(at + head, payload);
    input.skipBytes(head + length);
    for (int i = 0; i < length; i++) {
      payload[i] ^= (byte) (mask >> (3 - (i & 3)) * 8);
    }
    if (opcode == CLOSE) {
      ctx.close();
    } else if (opcode == PING) {
      write(ctx.alloc().buffer(length + 2).writeByte(0x8A).writeByte(length).writeBytes(payload));
    } else {
      handle(new String(payload, StandardCharsets.UTF_8));
    }
    return true;
  }

  private void handle(String text) {
    String verb = text.contains("\"action\":\"") ? "action" : "cmd";
    String seq = field(text, "\"seq\":\"");
    String action = field(text, "\"" + verb + "\":\"");
    String data = "null";
    switch (action) {
      case "login" -> login(text);
      case "send" -> data = send(text);
      case "ping" -> data = "\"pong\"";
      case "sync" -> data = "{\"conversations\":[],\"more\":false}";
      case "heartbeat" -> data = "{\"conversations\":[]}";
      default -> {}
    }
    String reply =
        "{\"seq\":\""
            + seq
            + "\",\""
            + verb
            + "\":\""
            + action
            + "\",\"response\":{\"code\":200,\"codeMsg\":\"Success\",\"data\":"
            + data
            + "}}";
    write(loop.frame(reply.getBytes(StandardCharsets.UTF_8)));
  }

  private void login(String text) {
    String name = field(text, "\"userId\":\"");
    user = name.isEmpty() ? field(text, "\"userID\":\"") : name;
    loop.users.put(user, this);
    loop.add(this);
  }

  private String send(String text) {
    String body = field(text, "\"msg\":\"");
    String to = field(text, "\"user\":\"");
    if (to.isEmpty()) {
      pushToAll(body, this);
    } else {
      FloorConnection receiver = loop.users.get(to);
      if (receiver != null) {
        receiver.deliver(push(body));
      }
    }
    return "{\"id\":\"1\",\"conversation\":\"c\",\"epoch\":\"e\",\"offset\":1,\"time\":1,\"duplicate\":false}";
  }

  private void pushToAll(String body, FloorConnection except) {
    byte[] push = push(body);
    loops.forEach(each -> each.broadcast(push, except));
  }

  private byte[] push(String body) {
    String from = user == null ? "" : user;
    return ("{\"seq\":\"1\",\"action\":\"msg\",\"response\":{\"code\":200,\"codeMsg\":\"Ok\",\"data\":{\"id\":\"1\",\"conversation\":\"c\",\"epoch\":\"e\",\"offset\":1,\"from\":\""
            + from
            + "\",\"platform\":\"web\",\"time\":1,\"type\":\"text\",\"msg\":\""
            + body
            + "\"}}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** From any thread. */
  private void deliver(byte[] text) {
    if (loop.eventLoop.inEventLoop()) {
      write(loop.frame(text));
    } else {
      loop.eventLoop.execute(() -> write(loop.frame(text)));
    }
  }

  private static String field(String text, String name) {
    int at = text.indexOf(name);
    if (at < 0) {
      return "";
    }
    int end = text.indexOf('"', at + name.length());
    return end < 0 ? "" : text.substring(at + name.length(), end);
  }
}
