package im.parley.loadtest.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.URLDecoder;
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
  private static final byte[] SEND = Fields.ascii("send");
  private static final byte[] LOGIN = Fields.ascii("login");
  private static final byte[] PING_ACTION = Fields.ascii("ping");
  private static final byte[] HEARTBEAT = Fields.ascii("heartbeat");
  private static final byte[] SYNC = Fields.ascii("sync");
  private static final byte[] USER_ID = Fields.ascii("\"userId\":\"");
  private static final byte[] USER_ID_OF_PRIM = Fields.ascii("\"userID\":\"");
  private static final byte[] USER = Fields.ascii("\"user\":\"");
  private static final byte[] MSG = Fields.ascii("\"msg\":\"");
  private static final byte[] NULL = Fields.ascii("null");
  private static final byte[] PONG = Fields.ascii("\"pong\"");
  private static final byte[] NOTHING_NEW = Fields.ascii("{\"conversations\":[],\"more\":false}");
  private static final byte[] SENT =
      Fields.ascii(
          "{\"id\":\"1\",\"conversation\":\"c\",\"epoch\":\"e\",\"offset\":1,\"time\":1,\"duplicate\":false}");
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
    String text = message.find() ? URLDecoder.decode(message.group(1), StandardCharsets.UTF_8) : "";
    pushToAll(text.getBytes(StandardCharsets.UTF_8), null);
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
      handle(new Fields(payload));
    }
    return true;
  }

  private void handle(Fields request) {
    Fields.Range action = request.action();
    byte[] data = NULL;
    if (request.is(action, SEND)) {
      send(request);
      data = SENT;
    } else if (request.is(action, LOGIN)) {
      login(request);
    } else if (request.is(action, PING_ACTION)) {
      data = PONG;
    } else if (request.is(action, HEARTBEAT) || request.is(action, SYNC)) {
      data = NOTHING_NEW;
    }
    write(Answers.reply(request, data));
  }

  private void login(Fields request) {
    Fields.Range name = request.find(USER_ID);
    user = request.string(name.length() > 0 ? name : request.find(USER_ID_OF_PRIM));
    loop.users.put(user, this);
    loop.add(this);
  }

  private void send(Fields request) {
    byte[] text = request.string(request.find(MSG)).getBytes(StandardCharsets.UTF_8);
    Fields.Range to = request.find(USER);
    if (to.length() == 0) {
      pushToAll(text, this);
      return;
    }
    FloorConnection receiver = loop.users.get(request.string(to));
    if (receiver != null) {
      receiver.deliver(Answers.push(from(), text));
    }
  }

  private byte[] from() {
    return user == null ? new byte[0] : user.getBytes(StandardCharsets.UTF_8);
  }

  private void pushToAll(byte[] text, FloorConnection except) {
    // One frame for each loop: a buffer's references are counted atomically, so sharing it costs.
    loops.forEach(each -> each.broadcast(Answers.push(from(), text), except));
  }

  /** From any thread. */
  private void deliver(ByteBuf frame) {
    if (loop.eventLoop.inEventLoop()) {
      write(frame);
    } else {
      loop.eventLoop.execute(() -> write(frame));
    }
  }
}
