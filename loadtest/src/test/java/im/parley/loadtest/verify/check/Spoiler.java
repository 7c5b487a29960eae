package im.parley.loadtest.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.loadtest.verify.history.Event;
import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Read;
import im.parley.loadtest.verify.history.History;
import im.parley.loadtest.verify.history.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Spoils a recorded history in one place each, and sees that the checker finds it. */
public final class Spoiler {
  private final Story story;
  private final Random random;
  private final Map<Key, Acked> acked;

  public Spoiler(History history, long seed) {
    this.story = Story.of(history);
    this.random = new Random(seed);
    this.acked =
        story.events().stream()
            .filter(Acked.class::isInstance)
            .map(Acked.class::cast)
            .collect(Collectors.toMap(Key::of, Function.identity(), (first, later) -> first));
  }

  /** The recorded one is valid, every spoilt one is not, and for the right reason. */
  public void checkAll() {
    assertThat(story.broken()).isEmpty();
    Acked lost = any(Acked.class);
    assertBroken(Rule.LOST, readsWithout(lost));
    assertBroken(Rule.HOLE, readsWithout(lost));
    assertBroken(Rule.DOUBLE, readsTwice(any(Acked.class)));
    Acked elsewhere = any(Acked.class);
    assertBroken(Rule.WRONG_DUPLICATE, story.after(elsewhere, another(elsewhere)));
    Pushed pushed = any(Pushed.class);
    assertBroken(Rule.GHOST, story.replacing(pushed, withBody(pushed)));
    Acked silent = any(Acked.class);
    assertBroken(
        Rule.UNANSWERED,
        story.without(event -> event instanceof Acked it && Key.of(it).equals(Key.of(silent))));
    assertBroken(Rule.EPOCH, story.replacing(pushed, withEpoch(pushed)));
    assertBroken(Rule.INCOMPLETE, unheardOf(any(Pushed.class)));
    assertBroken(Rule.ORDER, swappedAtTheEnds());
    Read page = any(Read.class);
    assertBroken(Rule.NEVER_READ, story.without(page));
    assertBroken(Rule.NEVER_SYNCED, story.without(any(Event.Complete.class)));
  }

  private static void assertBroken(Rule rule, Story spoilt) {
    assertThat(spoilt.broken()).as("%s after spoiling for it", rule).contains(rule);
  }

  private <E extends Event> E any(Class<E> kind) {
    List<E> all = story.events().stream().filter(kind::isInstance).map(kind::cast).toList();
    return all.get(random.nextInt(all.size()));
  }

  private Story reads(String conversation, UnaryOperator<List<Stored>> change) {
    return story.with(
        event ->
            event instanceof Read it && it.conversation().equals(conversation)
                ? new Read(
                    it.target(),
                    conversation,
                    it.epoch(),
                    it.first(),
                    it.head(),
                    it.more(),
                    change.apply(it.messages()))
                : event);
  }

  private Story readsWithout(Acked ack) {
    return reads(
        ack.conversation(),
        messages -> messages.stream().filter(each -> !each.id().equals(ack.id())).toList());
  }

  private Story readsTwice(Acked ack) {
    return reads(
        ack.conversation(),
        messages -> {
          List<Stored> twice = new ArrayList<>(messages);
          messages.stream()
              .filter(each -> each.id().equals(ack.id()))
              .findFirst()
              .ifPresent(twice::add);
          return twice;
        });
  }

  private static Acked another(Acked ack) {
    return new Acked(
        ack.device(),
        ack.session(),
        ack.conversation(),
        ack.cid(),
        ack.id() + "x",
        ack.epoch(),
        ack.offset(),
        true);
  }

  private static Pushed withBody(Pushed pushed) {
    Stored message = pushed.message();
    return new Pushed(
        pushed.device(),
        pushed.session(),
        pushed.conversation(),
        pushed.epoch(),
        new Stored(message.offset(), message.id(), message.from(), message.cid(), "other"));
  }

  private static Pushed withEpoch(Pushed pushed) {
    return new Pushed(
        pushed.device(), pushed.session(), pushed.conversation(), "other", pushed.message());
  }

  /** One device gets nothing of one conversation from this push on. */
  private Story unheardOf(Pushed pushed) {
    int from = story.events().indexOf(pushed);
    List<Event> deaf = story.events().subList(from, story.events().size());
    return story.without(
        event ->
            deaf.contains(event)
                && (event instanceof Pushed it
                        && it.device().equals(pushed.device())
                        && it.conversation().equals(pushed.conversation())
                    || event instanceof Event.Synced sync
                        && sync.device().equals(pushed.device())
                        && sync.conversation().equals(pushed.conversation())));
  }

  /** The first and the last message of the longest log change places, in the acks and the log. */
  private Story swappedAtTheEnds() {
    Acked last =
        acked.values().stream().max((a, b) -> Long.compare(a.offset(), b.offset())).orElseThrow();
    return reads(
        last.conversation(),
        messages ->
            messages.stream()
                .map(
                    each ->
                        each.offset() == 1
                            ? at(1, log(last), last.offset())
                            : each.offset() == last.offset()
                                ? at(last.offset(), log(last), 1)
                                : each)
                .toList());
  }

  private List<Stored> log(Acked of) {
    return story.events().stream()
        .filter(Read.class::isInstance)
        .map(Read.class::cast)
        .filter(read -> read.conversation().equals(of.conversation()))
        .flatMap(read -> read.messages().stream())
        .toList();
  }

  private static Stored at(long offset, List<Stored> log, long from) {
    Stored it = log.stream().filter(each -> each.offset() == from).findFirst().orElseThrow();
    return new Stored(offset, it.id(), it.from(), it.cid(), it.digest());
  }
}
