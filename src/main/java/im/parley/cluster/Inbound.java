package im.parley.cluster;

/** What has come from one node: the stream and how far it was handed on. Event loop only. */
final class Inbound {
  private long stream;
  private long last;
  private boolean broken;
  private int unacknowledgedBatches;
  private long unacknowledgedBytes;

  /** What to do with something that came. */
  enum Verdict {
    /** It is the next one. */
    TAKE,
    /** It came too late or twice. */
    IGNORE,
    /** Something before it is missing: the sender is to begin another stream. */
    REFUSE
  }

  /** What an opened stream is. */
  enum Opening {
    /** The first one of that node. */
    FIRST,
    /** It follows another one. */
    ANOTHER,
    /** Known already. */
    KNOWN
  }

  /** A stream begins. Streams of one node ascend, so late ones are known by their number. */
  Opening open(long opened) {
    if (opened <= stream) {
      return Opening.KNOWN;
    }
    Opening opening = stream == 0 ? Opening.FIRST : Opening.ANOTHER;
    stream = opened;
    last = 0;
    broken = false;
    return opening;
  }

  /** A batch came. */
  Verdict batch(long its, long number, int bytes) {
    Verdict verdict = judge(its, number);
    if (verdict == Verdict.TAKE) {
      last = number;
      unacknowledgedBatches++;
      unacknowledgedBytes += bytes;
    }
    return verdict;
  }

  /** Whether all batches before {@code number} came; it is taken for the next one then. */
  Verdict probe(long its, long number) {
    return its == stream && broken ? Verdict.REFUSE : judge(its, number);
  }

  private Verdict judge(long its, long number) {
    if (its > stream) {
      return Verdict.REFUSE;
    }
    if (its < stream || broken || number <= last) {
      return Verdict.IGNORE;
    }
    broken = number > last + 1;
    return broken ? Verdict.REFUSE : Verdict.TAKE;
  }

  /** The stream that is acknowledged. */
  long stream() {
    return stream;
  }

  /** The last batch that was handed on. */
  long last() {
    return last;
  }

  int unacknowledgedBatches() {
    return unacknowledgedBatches;
  }

  long unacknowledgedBytes() {
    return unacknowledgedBytes;
  }

  /** The sender is being told how far it got. */
  void acknowledged() {
    unacknowledgedBatches = 0;
    unacknowledgedBytes = 0;
  }
}
