package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event;
import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Complete;
import im.parley.loadtest.verify.history.Event.Place;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Synced;
import im.parley.loadtest.verify.history.Line;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What every device has in the end. It goes by the documented rule of cursors over all that came to
 * the device, and does not ask the device what it believes to have.
 */
final class CompletenessCheck implements Check {
  @Override
  public void check(Evidence evidence, Consumer<Violation> found) {
    Map<String, Map<String, Cursor>> cursors = new HashMap<>();
    Map<String, Integer> completed = new HashMap<>();
    for (Line line : evidence.history().lines()) {
      Event event = line.event();
      if (event instanceof Complete complete) {
        completed.put(complete.device(), line.number());
      } else {
        follow(cursors, event, line.number());
      }
    }
    for (String device : evidence.plan().devices()) {
      if (!completed.containsKey(device)) {
        found.accept(
            new Violation(Rule.NEVER_SYNCED, device + " did not finish its last sync", List.of()));
        continue;
      }
      for (Log log : evidence.logs()) {
        if (evidence.isMember(device, log.conversation()) && log.head() > 0) {
          Cursor has = cursors.getOrDefault(device, Map.of()).get(log.conversation());
          if (has == null || !has.place.equals(new Place(log.epoch(), log.head()))) {
            found.accept(incomplete(device, log, has, completed.get(device)));
          }
        }
      }
    }
  }

  private static Violation incomplete(String device, Log log, Cursor has, int completed) {
    return new Violation(
        Rule.INCOMPLETE,
        "%s: %s has %s in the end, the log is at %s"
            .formatted(
                log.conversation(),
                device,
                has == null ? "nothing" : has.place,
                new Place(log.epoch(), log.head())),
        has == null
            ? List.of(completed, log.line(log.head()))
            : List.of(has.line, completed, log.line(log.head())));
  }

  private static void follow(Map<String, Map<String, Cursor>> cursors, Event event, int line) {
    if (event instanceof Acked it) {
      cursor(cursors, it.device(), it.conversation()).take(it.epoch(), it.offset(), line);
    } else if (event instanceof Pushed it) {
      cursor(cursors, it.device(), it.conversation()).take(it.epoch(), it.message().offset(), line);
    } else if (event instanceof Synced it) {
      Cursor cursor = cursor(cursors, it.device(), it.conversation());
      cursor.heard(it, line);
      it.messages().forEach(message -> cursor.take(it.epoch(), message.offset(), line));
    }
  }

  private static Cursor cursor(
      Map<String, Map<String, Cursor>> cursors, String device, String conversation) {
    return cursors
        .computeIfAbsent(device, any -> new HashMap<>())
        .computeIfAbsent(conversation, any -> new Cursor());
  }

  /** One device's cursor in one conversation. */
  private static final class Cursor {
    private Place place = new Place("", 0);
    private int line;

    void take(String epoch, long offset, int at) {
      if (!place.epoch().equals(epoch)) {
        move(new Place(epoch, 0), at);
      }
      if (offset == place.offset() + 1) {
        move(new Place(epoch, offset), at);
      }
    }

    /** What an entry of a sync says before its messages. */
    void heard(Synced sync, int at) {
      if (!place.epoch().equals(sync.epoch()) || sync.head() < asked(sync)) {
        move(new Place(sync.epoch(), 0), at);
      }
      if (sync.gapTo() > place.offset()) {
        move(new Place(sync.epoch(), sync.gapTo()), at);
      }
    }

    /** Pushes may have moved the cursor since: only what the request named can be above a head. */
    private static long asked(Synced sync) {
      boolean same = sync.cursor() != null && sync.cursor().epoch().equals(sync.epoch());
      return same ? sync.cursor().offset() : 0;
    }

    private void move(Place to, int at) {
      place = to;
      line = at;
    }
  }
}
