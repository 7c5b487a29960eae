package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.Message;
import im.parley.store.Draft;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept as numbers and bytes comes back as it was. */
class GenerationTest {
  private static final CidKeys KEYS = new CidKeys(1, 2);
  private static final int SAME_KEY = 5;
  private static final int MANY = 20_000;

  private final Generation generation = new Generation();

  @Test
  void messages_come_back_wherever_a_slab_ends() throws Exception {
    List<Append> appends = new ArrayList<>();
    // 3 MB, of messages that are as long as their own array takes, longer, and short.
    for (int i = 0; i < 120; i++) {
      appends.add(append("ann", i, "x".repeat(i % 3 == 0 ? 70_000 : i * 200)));
      add(7, "r:1", i + 1, appends.get(i));
    }

    List<Entry> entries = committed("r:1");
    assertThat(entries).hasSize(120);
    for (int i = 0; i < 120; i++) {
      Draft draft = appends.get(i).draft;
      assertThat(entries.get(i).packed()).isEqualTo(appends.get(i).packed);
      assertThat(entries.get(i).unpack("e"))
          .isEqualTo(
              new Message(
                  draft.id(),
                  "r:1",
                  "e",
                  i + 1,
                  "ann",
                  "web",
                  i,
                  draft.cid(),
                  "text",
                  draft.body()));
    }
  }

  @Test
  void the_next_generation_goes_on_in_the_slab_of_the_one_before() throws Exception {
    add(7, "r:1", 1, append("ann", 1, "before"));
    Generation next = new Generation(generation);
    Append after = append("ann", 2, "after");
    TailLog log = next.append(7, "r:1", 2, after.key, after.packed, 0, after.packed.length);

    assertThat(log.entry(0).unpack("e").body()).isEqualTo("after");
    assertThat(generation.log("r:1").entry(0).unpack("e").body()).isEqualTo("before");
  }

  @Test
  void a_sender_is_told_from_one_whose_id_goes_on() {
    add(7, "r:1", 1, append("anna", 1, "before"));
    add(7, "r:1", 2, append("ann", 2, "x"));
    Entry entry = committed("r:1").get(1);

    assertThat(entry.startsWith(Packed.prefix("ann"))).isTrue();
    assertThat(entry.startsWith(Packed.prefix("an"))).isFalse();
    assertThat(entry.startsWith(Packed.prefix("anna"))).isFalse();
  }

  @Test
  void messages_with_equal_keys_are_told_apart_by_conversation_sender_and_cid() {
    for (int i = 0; i < 4; i++) {
      byte[] packed = append("ann", i, "x").packed;
      generation.append(1, "r:1", i + 1, SAME_KEY, packed, 0, packed.length);
    }

    for (int i = 0; i < 4; i++) {
      byte[] asked = append("ann", i, "another body").packed;
      assertThat(generation.find(1, SAME_KEY, asked).offset).isEqualTo(i + 1);
      assertThat(generation.find(2, SAME_KEY, asked)).as("another conversation").isNull();
      assertThat(generation.find(1, SAME_KEY, append("bob", i, "x").packed)).isNull();
    }
    assertThat(generation.find(1, SAME_KEY, append("ann", 4, "x").packed)).isNull();
  }

  @Test
  void each_of_many_is_found_and_no_other() {
    for (int i = 0; i < MANY; i++) {
      add(i % 700, "c" + i % 700, i / 700 + 1, append("ann", i, "x"));
    }

    for (int i = 0; i < MANY; i++) {
      Append asked = append("ann", i, "x");
      Entry found = generation.find(i % 700, asked.key, asked.packed);
      assertThat(found.name).isEqualTo("c" + i % 700);
      assertThat(found.offset).isEqualTo(i / 700 + 1);
      assertThat(generation.find(i % 700 + 1, asked.key, asked.packed)).isNull();
    }
    assertThat(generation.messages()).isEqualTo(MANY);
  }

  @Test
  void what_is_not_committed_is_not_read() {
    TailLog log = add(7, "r:1", 9, append("ann", 1, "x"));
    assertThat(log.head()).isEqualTo(9);
    Append second = append("ann", 2, "x");
    generation.append(7, "r:1", 10, second.key, second.packed, 0, second.packed.length);

    assertThat(log.uncommitted()).isEqualTo(1);
    assertThat(log.end()).isEqualTo(10);
    assertThat(log.head()).isEqualTo(9);
    assertThat(committed("r:1")).hasSize(1);
  }

  @Test
  void a_range_is_cut_to_what_is_there() {
    for (int i = 0; i < 10; i++) {
      add(7, "r:1", 101 + i, append("ann", i, "x"));
    }

    assertThat(offsets(0, 103)).containsExactly(101L, 102L);
    assertThat(offsets(109, Long.MAX_VALUE)).containsExactly(109L, 110L);
    assertThat(offsets(104, 105)).containsExactly(104L);
    assertThat(offsets(105, 104)).isEmpty();
    assertThat(offsets(111, 200)).isEmpty();
    assertThat(offsets(0, 101)).isEmpty();
  }

  private List<Long> offsets(long from, long to) {
    List<Entry> found = new ArrayList<>();
    generation.log("r:1").collect(from, to, found);
    return found.stream().map(entry -> entry.offset).toList();
  }

  private List<Entry> committed(String name) {
    List<Entry> found = new ArrayList<>();
    generation.log(name).collect(0, Long.MAX_VALUE, found);
    return found;
  }

  private TailLog add(long conversation, String name, long offset, Append append) {
    TailLog log =
        generation.append(
            conversation, name, offset, append.key, append.packed, 0, append.packed.length);
    log.commit();
    return log;
  }

  private static Append append(String from, long time, String body) {
    Draft draft =
        new Draft("id" + time, "r:1", List.of(), from, "web", time, "c" + time, "text", body);
    return new Append(draft, KEYS, (sql, append) -> null);
  }
}
