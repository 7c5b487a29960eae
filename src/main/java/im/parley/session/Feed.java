package im.parley.session;

import im.parley.protocol.Message;
import im.parley.protocol.Push;
import im.parley.store.LogPage;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Puts the messages of each conversation into the order of offsets on their way to one gateway's
 * sessions. In a cluster they come from several nodes: this one's late, that one's early, one
 * perhaps never.
 *
 * <p>The next offset is delivered; an earlier one was delivered already and is dropped; a later one
 * waits a moment for those before it, and then fetches them from the log. Where that does not work
 * out the feed goes on and tells the sessions to sync the conversation. Event loop only; the counts
 * are for any thread.
 */
final class Feed {
  /** Conversations whose place is remembered; the one that was silent longest gives way. */
  static final int MAX_CONVERSATIONS = 32_768;

  /** Offsets that are missing; beyond it this gateway was not listening, and begins anew. */
  static final int MAX_HOLE = 256;

  /** Messages that wait on one gateway; beyond it none waits. */
  static final int MAX_WAITING = 10_000;

  /** How long what is missing may take before the log is asked, in ms; at most twice as long. */
  static final long PATIENCE_MS = 50;

  /** Reads a log. */
  interface Log {
    /** Messages after {@code offset}, ascending. */
    Future<LogPage> readAfter(String conversation, long offset, int limit);
  }

  /** Runs a task later, on the gateway's event loop. */
  interface Timer {
    /** Runs {@code task} in so many milliseconds. */
    void in(long millis, Runnable task);
  }

  private final TopicTable topics;
  private final Log log;
  private final Inbox inbox;
  private final Timer timer;
  private final LongAdder late = new LongAdder();
  private final LongAdder filled = new LongAdder();
  private final LongAdder skipped = new LongAdder();

  // Event loop only
  private final Map<String, Line> lines =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Line> eldest) {
          return size() > MAX_CONVERSATIONS && eldest.getValue().waiting.isEmpty();
        }
      };
  private int waiting;
  private int clock; // deliveries so far; wraps around

  Feed(TopicTable topics, Log log, Inbox inbox, Timer timer) {
    this.topics = topics;
    this.log = log;
    this.inbox = inbox;
    this.timer = timer;
  }

  /** Deliveries so far: a session that comes now has a part in those after it only. */
  int clock() {
    return clock;
  }

  /** Takes a message that came from any node. */
  void take(Push push, Audience audience) {
    Message message = push.message();
    Line line = lines.get(message.conversation());
    if (line == null || !line.epoch.equals(message.epoch())) {
      if (line != null) {
        skip(line);
      }
      line = new Line(message);
      lines.put(message.conversation(), line);
      deliver(line, push, audience);
    } else if (message.offset() <= line.last) {
      late.increment();
      if (message.offset() < line.first && !line.resynced) {
        line.resynced = true;
        resync(message.conversation(), audience);
      }
    } else if (message.offset() == line.last + 1) {
      deliver(line, push, audience);
      deliverReady(line);
    } else if (message.offset() - line.last - 1 - line.waiting.size() > MAX_HOLE
        || waiting >= MAX_WAITING) {
      skip(line);
      deliver(line, push, audience);
    } else {
      if (line.waiting.put(message.offset(), new Held(push, audience)) == null) {
        waiting++;
      }
      if (!line.expecting) {
        expect(line);
      }
    }
  }

  private void deliver(Line line, Push push, Audience audience) {
    line.last = push.message().offset();
    line.touched = ++clock;
    audience.deliver(push, topics);
  }

  private void resync(String conversation, Audience audience) {
    Push resync = Push.of("resync", "", Map.of("conversations", List.of(conversation)));
    audience.forEach(
        topics,
        session -> {
          if (session.isNative()) {
            session.deliver(resync);
          }
        });
  }

  /** Delivers what has waited and is next. */
  private void deliverReady(Line line) {
    Map.Entry<Long, Held> next;
    while ((next = line.waiting.firstEntry()) != null && next.getKey() <= line.last + 1) {
      line.waiting.pollFirstEntry();
      waiting--;
      if (next.getKey() > line.last) {
        deliver(line, next.getValue().push(), next.getValue().audience());
      }
    }
  }

  /** Gives what is missing now its time. */
  private void expect(Line line) {
    line.expecting = true;
    long before = line.last;
    timer.in(PATIENCE_MS, () -> due(line, before));
  }

  private void due(Line line, long before) {
    if (line.waiting.isEmpty()) {
      line.expecting = false;
    } else if (line.last > before) {
      expect(line); // that hole has closed, another is open
    } else {
      fetch(line);
    }
  }

  private void fetch(Line line) {
    long before = line.last;
    int limit = (int) Math.min(MAX_HOLE, line.waiting.lastKey() - before - 1);
    log.readAfter(line.conversation, before, limit)
        .onComplete(page -> inbox.put(() -> fill(line, before, page)));
  }

  private void fill(Line line, long before, AsyncResult<LogPage> page) {
    line.expecting = false;
    if (line.waiting.isEmpty()) {
      return;
    }
    long came = line.last;
    Audience audience = line.waiting.firstEntry().getValue().audience().everyone();
    if (page.succeeded() && page.result().epoch().equals(line.epoch)) {
      for (Message message : page.result().messages()) {
        if (message.offset() == line.last + 1) {
          filled.increment();
          deliverOld(line, message, audience);
          deliverReady(line);
        }
      }
    }
    if (line.waiting.isEmpty()) {
      return;
    }
    if (line.last > came) {
      line.expecting = true;
      fetch(line); // further holes, since it is known by now that this is a busy conversation
    } else if (line.last > before) {
      expect(line); // what the log was asked for came by itself, and another hole has opened
    } else {
      skip(line);
    }
  }

  /**
   * Delivers what the log had, but not to sessions that came after this gateway was last up to date
   * with the conversation: they have it from their own reading of the log.
   */
  private void deliverOld(Line line, Message message, Audience audience) {
    line.last = message.offset();
    int touched = line.touched;
    Push push = Push.of(message);
    audience.forEach(
        topics,
        session -> {
          if (session.since() - touched < 0) {
            session.deliver(push);
          }
        });
  }

  /** Goes on without what is missing. */
  private void skip(Line line) {
    if (!line.waiting.isEmpty()) {
      skipped.increment();
      Audience missing = line.waiting.firstEntry().getValue().audience();
      resync(line.conversation, missing);
    }
    for (Held held : line.waiting.values()) {
      waiting--;
      deliver(line, held.push(), held.audience());
    }
    line.waiting.clear();
  }

  /** Messages that came again or too late. */
  long late() {
    return late.sum();
  }

  /** Messages that were fetched from the log. */
  long filled() {
    return filled.sum();
  }

  /** Times that it went on without what was missing. */
  long skipped() {
    return skipped.sum();
  }

  /** How far one conversation was delivered here. */
  private static final class Line {
    final String conversation;
    final String epoch;
    final long first; // the offset that it began with: earlier ones may never have been delivered
    final TreeMap<Long, Held> waiting = new TreeMap<>();
    long last;
    int touched; // the feed's clock at the last delivery in order
    boolean resynced; // sessions were told that something from before the first may be missing
    boolean expecting; // the timer runs, or the log is read

    Line(Message first) {
      this.conversation = first.conversation();
      this.epoch = first.epoch();
      this.first = first.offset();
    }
  }

  private record Held(Push push, Audience audience) {}
}
