package im.parley.cluster;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes numbered frames of several lanes, one for each sending thread, and keeps account of the
 * bus' promises: in order, once, and never a hole without an overrun before what follows it.
 */
final class Ledger implements PeerBus.Receiver {
  private static final int HEAD = 16;

  private final Map<Long, Map<Integer, Lane>> lanes = new HashMap<>();
  private volatile Figures figures = new Figures(0, 0, 0, 0, 0);

  /**
   * What was counted.
   *
   * @param frames that came
   * @param disorder frames that came twice or after a later one
   * @param silent holes that no overrun told of
   * @param overruns told
   * @param latest nanoseconds that the slowest frame was under way, since the last overrun
   */
  record Figures(long frames, long disorder, long silent, long overruns, long latest) {
    static Figures read(Buffer json) {
      JsonObject object = json.toJsonObject();
      return new Figures(
          object.getLong("frames"),
          object.getLong("disorder"),
          object.getLong("silent"),
          object.getLong("overruns"),
          object.getLong("latest"));
    }

    Buffer written() {
      return new JsonObject()
          .put("frames", frames)
          .put("disorder", disorder)
          .put("silent", silent)
          .put("overruns", overruns)
          .put("latest", latest)
          .toBuffer();
    }
  }

  private static final class Lane {
    int last;
    long overruns;
  }

  /** The frame of a lane with a number from 1, {@code size} bytes long. */
  static Buffer frame(int lane, int number, int size) {
    return Buffer.buffer(size)
        .appendInt(lane)
        .appendInt(number)
        .appendLong(System.nanoTime())
        .appendBytes(new byte[size - HEAD]);
  }

  Figures figures() {
    return figures;
  }

  @Override
  public void received(long from, Buffer frame) {
    Figures before = figures;
    Lane lane =
        lanes
            .computeIfAbsent(from, any -> new HashMap<>())
            .computeIfAbsent(frame.getInt(0), any -> new Lane());
    int number = frame.getInt(4);
    boolean told = before.overruns() != lane.overruns;
    figures =
        new Figures(
            before.frames() + 1,
            before.disorder() + (number <= lane.last ? 1 : 0),
            before.silent() + (number > lane.last + 1 && !told ? 1 : 0),
            before.overruns(),
            Math.max(before.latest(), System.nanoTime() - frame.getLong(8)));
    lane.last = number;
    lane.overruns = before.overruns();
  }

  @Override
  public void overrun(long from) {
    Figures before = figures;
    figures =
        new Figures(before.frames(), before.disorder(), before.silent(), before.overruns() + 1, 0);
  }

  @Override
  public Future<Buffer> asked(long from, Buffer question) {
    return switch (question.toString()) {
      case "figures" -> Future.succeededFuture(figures.written());
      case "refuse" -> Future.failedFuture(new Refusal(ErrorCode.CONFLICT, "not twice, 不行", 1_234));
      case "fail" -> Future.failedFuture(new IllegalStateException("a secret of this node"));
      case "throw" -> throw new IllegalStateException("a secret of this node");
      case "silence" -> Promise.<Buffer>promise().future();
      case "too long" ->
          Future.succeededFuture(Buffer.buffer(new byte[PeerLimits.MAX_FRAME_BYTES + 1]));
      default -> Future.succeededFuture(question.copy());
    };
  }
}
