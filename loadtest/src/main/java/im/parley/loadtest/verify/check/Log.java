package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event.Read;
import im.parley.loadtest.verify.history.History.At;
import im.parley.loadtest.verify.history.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One conversation as one target read it back, page by page. */
final class Log {
  private final String target;
  private final String conversation;
  private final List<Stored> messages = new ArrayList<>();
  private final List<Integer> lines = new ArrayList<>();
  private final Map<Long, Stored> byOffset = new HashMap<>();
  private final Map<Long, Integer> lineOf = new HashMap<>();
  private String epoch;
  private long first;
  private long head;
  private boolean whole;

  Log(String target, String conversation) {
    this.target = target;
    this.conversation = conversation;
  }

  void add(At<Read> page) {
    Read read = page.event();
    epoch = read.epoch();
    first = read.first();
    head = read.head();
    whole = !read.more();
    lines.add(page.line());
    for (Stored message : read.messages()) {
      messages.add(message);
      byOffset.putIfAbsent(message.offset(), message);
      lineOf.putIfAbsent(message.offset(), page.line());
    }
  }

  String target() {
    return target;
  }

  String conversation() {
    return conversation;
  }

  String epoch() {
    return epoch;
  }

  long first() {
    return first;
  }

  long head() {
    return head;
  }

  /** Whether its last page was read. */
  boolean isWhole() {
    return whole;
  }

  /** In the order read. */
  List<Stored> messages() {
    return messages;
  }

  /** Null if it has none there. */
  Stored at(long offset) {
    return byOffset.get(offset);
  }

  List<Integer> lines() {
    return lines;
  }

  /** The line that shows an offset, or the last page if none does. */
  int line(long offset) {
    return lineOf.getOrDefault(offset, lines.get(lines.size() - 1));
  }
}
