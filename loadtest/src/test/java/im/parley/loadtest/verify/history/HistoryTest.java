package im.parley.loadtest.verify.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Closed;
import im.parley.loadtest.verify.history.Event.Complete;
import im.parley.loadtest.verify.history.Event.Connected;
import im.parley.loadtest.verify.history.Event.FaultBegan;
import im.parley.loadtest.verify.history.Event.FaultEnded;
import im.parley.loadtest.verify.history.Event.LoggedIn;
import im.parley.loadtest.verify.history.Event.Place;
import im.parley.loadtest.verify.history.Event.Plan;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Read;
import im.parley.loadtest.verify.history.Event.Refused;
import im.parley.loadtest.verify.history.Event.Sent;
import im.parley.loadtest.verify.history.Event.Synced;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static final Stored MESSAGE = new Stored(7, "m7", "a", "c7", "d7");
  private static final List<Event> ONE_OF_EACH =
      List.of(
          new Plan(Map.of("room:r", List.of("a", "b")), List.of("a/0"), List.of("ws://n"), true),
          new Connected("a/0", 1, "ws://n"),
          new LoggedIn("a/0", 1, "n"),
          new Sent("a/0", 1, "room:r", "c7", "d7"),
          new Refused("a/0", 1, "room:r", "c7", 1106, true),
          new Acked("a/0", 1, "room:r", "c7", "m7", "e", 7, false),
          new Pushed("b/0", 2, "room:r", "e", MESSAGE),
          new Synced("b/1", 3, "room:r", new Place("e", 6), "e", 7, 0, false, List.of(MESSAGE)),
          new Synced("b/2", 4, "room:r", null, "e", 9, 3, true, List.of()),
          new FaultBegan("redis-kill", true),
          new FaultEnded("redis-kill"),
          new Complete("b/1", 3),
          new Closed("b/1", 3, 1000),
          new Read("ws://n", "room:r", "e", 1, 7, false, List.of(MESSAGE)));

  @TempDir private Path directory;

  @Test
  void what_is_recorded_is_read_back() throws IOException {
    Path file = record(ONE_OF_EACH);
    assertThat(History.read(file).lines()).extracting(Line::event).isEqualTo(ONE_OF_EACH);
  }

  @Test
  void lines_are_numbered_from_one_and_their_time_never_goes_back() throws IOException {
    List<Line> lines = History.read(record(ONE_OF_EACH)).lines();
    assertThat(lines.get(0).number()).isOne();
    assertThat(lines).extracting(Line::nanos).isSorted();
  }

  @Test
  void the_text_of_a_line_can_be_shown() throws IOException {
    Map<Integer, String> texts = History.texts(record(ONE_OF_EACH), Set.of(4));
    assertThat(texts).hasSize(1);
    assertThat(texts.get(4)).contains("\"e\":\"send\"", "\"cid\":\"c7\"");
  }

  @Test
  void a_line_that_is_no_event_is_named() throws IOException {
    Path file = directory.resolve("broken.jsonl");
    Files.writeString(
        file, "{\"n\":1,\"t\":1,\"e\":\"complete\"}\n{\"n\":2,\"t\":2,\"e\":\"x\"}\n");
    assertThatThrownBy(() -> History.read(file)).hasMessageContaining("broken.jsonl:2");
  }

  private Path record(List<Event> events) throws IOException {
    Path file = directory.resolve("history.jsonl.gz");
    try (Recorder recorder = Recorder.to(file)) {
      events.forEach(recorder::record);
    }
    return file;
  }
}
