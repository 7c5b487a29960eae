package im.parley.cluster;

import im.parley.metrics.PeerMeters;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One other node, as long as it is a member: both ways, and the questions to it. */
final class Peer implements Outbound.Wire {
  private static final Logger log = LoggerFactory.getLogger(Peer.class);

  // A quarter of the window: the sender hears early enough to keep it filled.
  private static final int ACK_SHARE = 4;
  private static final long WARN_EVERY = TimeUnit.SECONDS.toNanos(10);

  /** What all peers of a bus share. */
  record Shared(
      long self,
      PeerLimits limits,
      PeerMeters meters,
      Numbers numbers,
      PeerBus.Receiver receiver,
      BiConsumer<Long, Buffer> wire,
      Runnable wake,
      Runnable acknowledgeSoon) {}

  /** Numbers that ascend, of streams and questions. Any thread. */
  interface Numbers {
    long next();
  }

  private final long node;
  private final Shared shared;
  private final PeerQueue queue;
  private final Questions questions;

  // Any thread; two at once may both log
  private volatile long faultAt = System.nanoTime();

  // Event loop only
  private final Outbound out;
  private final Inbound in = new Inbound();
  private long warnAt;
  private long lossesWarned;

  Peer(long node, Shared shared) {
    this.node = node;
    this.shared = shared;
    queue = new PeerQueue(shared.limits().queueBytes());
    questions = new Questions(shared.limits().questions());
    out = new Outbound(queue, shared.limits(), shared.meters(), shared.numbers()::next, this);
    warnAt = System.nanoTime();
  }

  // Any thread

  /** Sends a frame, or loses it. */
  void send(Frame frame) {
    if (!queue.offer(frame)) {
      shared.meters().dropped.increment();
      queue.lost();
    }
    wake();
  }

  Future<Buffer> ask(Buffer question) {
    long number = shared.numbers().next();
    long deadline = System.nanoTime() + shared.limits().answerTime().toNanos();
    return questions
        .ask(number, deadline, any -> offer(new Frame(Frame.Kind.QUESTION, number, question)))
        .onFailure(this::count);
  }

  private boolean offer(Frame frame) {
    boolean taken = queue.offer(frame);
    wake();
    return taken;
  }

  private void count(Throwable failure) {
    if (failure instanceof Refusal refusal && refusal.code() == ErrorCode.BUSY) {
      shared.meters().questionsRefused.increment();
    }
  }

  private void wake() {
    if (queue.isWatched()) {
      shared.wake().run();
    }
  }

  /** It is gone: nothing is taken any more, and questions fail. What waits is dropped. */
  void close() {
    questions.close("node " + name() + " is gone");
    queue.close();
  }

  long waitingBytes() {
    return queue.bytes();
  }

  int questions() {
    return questions.size();
  }

  // Event loop only, from here

  /** Sends what may be sent; whether there is more. */
  boolean flush(long now) {
    return out.flush(now);
  }

  /** Repeats what has no answer, and gives up questions. A few times a second. */
  void tick(long now) {
    out.tick(now);
    questions.expire(now, "node " + name() + " did not answer in time");
    warn(now);
  }

  /** Takes what came from it; whether there is more to send since then. */
  boolean received(BatchHeader header, Buffer buffer, long now) {
    List<Frame> frames = Batch.frames(header, buffer);
    if (frames == null) {
      shared.meters().malformed.increment();
      return false;
    }
    out.acknowledged(header.ackStream(), header.ackNumber(), now);
    switch (header.kind()) {
      case BATCH -> batch(header, frames, buffer.length());
      case OPEN, REOPEN -> open(header);
      case PROBE -> answerProbe(header);
      case RESET -> out.refused(header.stream(), now);
      case ACK -> {}
    }
    return out.flush(now);
  }

  private void open(BatchHeader header) {
    Inbound.Opening opening = in.open(header.stream());
    if (opening == Inbound.Opening.ANOTHER
        || opening == Inbound.Opening.FIRST && header.kind() == BatchHeader.Kind.REOPEN) {
      overrun();
    }
    acknowledge();
  }

  private void answerProbe(BatchHeader header) {
    if (in.probe(header.stream(), header.number()) == Inbound.Verdict.REFUSE) {
      send(BatchHeader.Kind.RESET, header.stream(), 0);
    } else {
      acknowledge();
    }
  }

  private void batch(BatchHeader header, List<Frame> frames, int bytes) {
    switch (in.batch(header.stream(), header.number(), bytes)) {
      case TAKE -> {
        shared.meters().batchesReceived.increment();
        shared.meters().framesReceived.increment(frames.size());
        shared.meters().bytesReceived.increment(bytes);
        frames.forEach(this::deliver);
        acknowledgeSoon();
      }
      case REFUSE -> send(BatchHeader.Kind.RESET, header.stream(), 0);
      case IGNORE -> {}
    }
  }

  private void deliver(Frame frame) {
    try {
      switch (frame.kind()) {
        case PLAIN -> shared.receiver().received(node, frame.payload());
        case QUESTION -> answer(frame);
        case ANSWER -> questions.answered(frame.number(), frame.payload());
        case FAILURE -> questions.failed(frame.number(), WireRefusal.read(frame.payload()));
        case OVERRUN -> overrun();
      }
    } catch (RuntimeException e) {
      fault("a frame of a node could not be taken", e);
    }
  }

  private void overrun() {
    shared.meters().overrunsReceived.increment();
    try {
      shared.receiver().overrun(node);
    } catch (RuntimeException e) {
      fault("a loss of frames could not be told", e);
    }
  }

  private void answer(Frame question) {
    Future<Buffer> answer;
    try {
      answer = shared.receiver().asked(node, question.payload());
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    answer.onComplete(result -> send(answered(question.number(), result)));
  }

  private Frame answered(long number, AsyncResult<Buffer> result) {
    if (result.succeeded() && result.result().length() <= PeerLimits.MAX_FRAME_BYTES) {
      return new Frame(Frame.Kind.ANSWER, number, result.result());
    }
    if (result.succeeded()) {
      return failed(
          number,
          new Refusal(
              ErrorCode.TOO_LARGE,
              "an answer of "
                  + result.result().length()
                  + " bytes; at most "
                  + PeerLimits.MAX_FRAME_BYTES));
    }
    if (!(result.cause() instanceof Refusal)) {
      fault("a node's question failed", result.cause());
    }
    return failed(number, Refusal.of(result.cause()));
  }

  private static Frame failed(long number, Refusal refusal) {
    return new Frame(Frame.Kind.FAILURE, number, WireRefusal.write(refusal));
  }

  private void acknowledgeSoon() {
    PeerLimits limits = shared.limits();
    if (in.unacknowledgedBatches() >= limits.windowBatches() / ACK_SHARE
        || in.unacknowledgedBytes() >= limits.windowBytes() / ACK_SHARE) {
      acknowledge();
    } else {
      shared.acknowledgeSoon().run();
    }
  }

  /** Acknowledges what no batch has acknowledged meanwhile. */
  void acknowledgeRest() {
    if (in.unacknowledgedBatches() > 0) {
      acknowledge();
    }
  }

  private void acknowledge() {
    send(BatchHeader.Kind.ACK, 0, 0);
  }

  @Override
  public Batch batch(long stream, long number, int bytes) {
    return new Batch(header(BatchHeader.Kind.BATCH, stream, number), bytes);
  }

  @Override
  public void send(Batch batch) {
    shared.wire().accept(node, batch.finished());
  }

  @Override
  public void send(BatchHeader.Kind kind, long stream, long number) {
    shared.wire().accept(node, header(kind, stream, number).buffer(BatchHeader.LENGTH));
  }

  /** Each thing that is sent acknowledges what came until now. */
  private BatchHeader header(BatchHeader.Kind kind, long stream, long number) {
    in.acknowledged();
    return new BatchHeader(kind, shared.self(), stream, number, in.stream(), in.last(), 0);
  }

  /** Drops what waits, after {@link #close}. */
  void clear() {
    queue.clear();
  }

  private void warn(long now) {
    long losses = queue.losses();
    if (losses != lossesWarned && now - warnAt >= 0) {
      log.warn(
          "frames for a node were lost, its sessions are told to sync [node: {}, frames: {},"
              + " waiting bytes: {}]",
          name(),
          losses - lossesWarned,
          queue.bytes());
      lossesWarned = losses;
      warnAt = now + WARN_EVERY;
    }
  }

  /** A fault of this node; logged now and then, for the next frame may have it too. */
  private void fault(String what, Throwable cause) {
    long now = System.nanoTime();
    if (now - faultAt >= 0) {
      faultAt = now + WARN_EVERY;
      log.error("{} [node: {}]", what, name(), cause);
    }
  }

  private String name() {
    return Long.toString(node, Character.MAX_RADIX);
  }
}
