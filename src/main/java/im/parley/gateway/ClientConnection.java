package im.parley.gateway;

import im.parley.protocol.CloseCode;
import im.parley.protocol.Push;
import im.parley.protocol.Request;
import im.parley.protocol.Request.Verb;
import im.parley.protocol.RequestReader;
import im.parley.session.Connection;
import im.parley.session.ExpiryRing;
import im.parley.session.Session;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A client's connection: reads requests, writes replies and pushes within the outbound budget, and
 * lies in the expiry ring. All its methods are for its event loop only.
 */
class ClientConnection extends WebSocketHandler
    implements Connection, ExpiryRing.Entry<ClientConnection> {
  private static final byte[] MALFORMED =
      RequestReader.MALFORMED_REPLY.getBytes(StandardCharsets.UTF_8);

  // Event loop only
  private Session session;
  private ClientConnection previous;
  private ClientConnection next;
  private int slot = -1;
  private int lastSeen;
  private int rateSecond;
  private int rateCount;
  private int pending;
  private boolean speaksAction; // pushes use the key of the last request
  private boolean busy; // logging in: what follows waits

  ClientConnection(ClientLoop loop) {
    super(loop);
  }

  @Override
  void onOpen() {
    ClientLoop loop = clientLoop();
    lastSeen = loop.now();
    loop.ring().add(this);
    loop.limits().opened(client());
    loop.metrics().accepted.increment();
    if (loop.draining()) {
      disconnect(CloseCode.DRAINING);
    }
  }

  @Override
  void onMessage(ByteBuf payload, boolean text) {
    ClientLoop loop = clientLoop();
    boolean withinRate = withinRate(loop);
    if (!withinRate && session == null) {
      disconnect(CloseCode.ABUSE);
      return;
    }
    Request request = RequestReader.read(loop.scratch(payload), 0, payload.readableBytes());
    if (request == null) {
      loop.metrics().malformed.increment();
      write(MALFORMED);
      return;
    }
    speaksAction = request.verb() == Verb.ACTION;
    loop.metrics().requests.increment();
    loop.dispatcher().dispatch(new Exchange(this, request), withinRate);
  }

  @Override
  void onClosing(CloseCode code) {
    clientLoop().metrics().closed(code);
  }

  @Override
  void onClosed() {
    ClientLoop loop = clientLoop();
    loop.ring().remove(this);
    loop.limits().closed(client());
    endSession();
  }

  @Override
  public void send(Push push) {
    ClientLoop loop = clientLoop();
    if (push.droppable() && pendingBytes() > loop.config().gateway().softBudgetBytes()) {
      loop.metrics().dropped.increment();
      return;
    }
    loop.metrics().pushes.increment();
    writeFrame(loop.frames().frame(push, speaksAction ? Verb.ACTION : Verb.CMD, compressed()));
    checkBudget(loop);
  }

  /** Queues a reply. */
  void write(byte[] text) {
    ClientLoop loop = clientLoop();
    writeFrame(compressed() ? loop.encodeDeflated(text) : loop.encodeText(text));
    checkBudget(loop);
  }

  private void checkBudget(ClientLoop loop) {
    if (isOpen() && pendingBytes() > loop.config().gateway().hardBudgetBytes()) {
      disconnect(CloseCode.SLOW_READER);
    }
  }

  @Override
  public void disconnect(CloseCode code) {
    if (isOpen() && session != null) {
      // Not now: this may be called while the session's topics are being walked through.
      clientLoop().gateway().inbox().put(this::endSession);
    }
    close(code);
  }

  private void endSession() {
    if (session != null) {
      clientLoop().chat().logins().end(clientLoop().gateway(), session);
    }
  }

  /** Its time is over: no heartbeat, or a token that ended. */
  void expire() {
    ClientLoop loop = clientLoop();
    if (!isOpen()) {
      return;
    }
    if (tokenLeft(loop) <= 0) {
      disconnect(CloseCode.TOKEN_REFUSED);
    } else {
      loop.metrics().expired.increment();
      boolean isNative = isNative();
      endSession(); // first, so that whoever is told is gone for all others too
      if (isNative) {
        disconnect(CloseCode.HEARTBEAT_MISSED);
      } else {
        closeNow(); // as prim does
      }
    }
  }

  /** Notes a login or heartbeat. */
  void seen() {
    lastSeen = clientLoop().now();
  }

  /** Puts the connection into the ring anew, because its end may have come nearer. */
  void dueChanged() {
    if (slot >= 0) {
      clientLoop().ring().remove(this);
      clientLoop().ring().add(this);
    }
  }

  @Override
  public int due() {
    ClientLoop loop = clientLoop();
    int expiry = lastSeen + (int) loop.config().gateway().expiry().toSeconds();
    return (int) Math.min(expiry, loop.now() + Math.min(tokenLeft(loop), Integer.MAX_VALUE / 2));
  }

  private long tokenLeft(ClientLoop loop) {
    return session == null || session.tokenExpires() == 0
        ? Long.MAX_VALUE
        : session.tokenExpires() - loop.epochSecond();
  }

  /** A request begins that will be answered later. */
  void begin() {
    if (++pending == clientLoop().config().gateway().maxPendingRequests()) {
      clientLoop().metrics().paused.increment();
      pauseReading();
    }
  }

  /** It has been answered. */
  void end() {
    if (--pending < clientLoop().config().gateway().maxPendingRequests() && !busy) {
      resumeReading();
    }
  }

  /** What follows waits until {@link #ready}. */
  void busy() {
    busy = true;
    pauseReading();
  }

  /** Reads on. */
  void ready() {
    busy = false;
    resumeReading();
  }

  private boolean withinRate(ClientLoop loop) {
    if (rateSecond != loop.now()) {
      rateSecond = loop.now();
      rateCount = 0;
    }
    return ++rateCount <= loop.config().gateway().maxRequestsPerSecond();
  }

  /** Who is at the other end: the peer, or whom it speaks for. */
  SocketAddress client() {
    return remoteAddress();
  }

  ClientLoop clientLoop() {
    return (ClientLoop) loop();
  }

  /** The session, or null before a login. */
  Session session() {
    return session;
  }

  void session(Session session) {
    this.session = session;
  }

  /** Whether refusals explain themselves, rather than be exactly prim's. */
  boolean isNative() {
    return session != null && session.isNative();
  }

  @Override
  public int lastSeen() {
    return lastSeen;
  }

  @Override
  public int now() {
    return clientLoop().now();
  }

  @Override
  public String remote() {
    return client() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress() + ':' + address.getPort()
        : String.valueOf(client());
  }

  @Override
  public ClientConnection previous() {
    return previous;
  }

  @Override
  public ClientConnection next() {
    return next;
  }

  @Override
  public void previous(ClientConnection entry) {
    previous = entry;
  }

  @Override
  public void next(ClientConnection entry) {
    next = entry;
  }

  @Override
  public int slot() {
    return slot;
  }

  @Override
  public void slot(int slot) {
    this.slot = slot;
  }
}
