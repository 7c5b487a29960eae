package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.Message;
import im.parley.store.Draft;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlabsTest {
  private static final CidKeys KEYS = new CidKeys(1, 2);

  private final Slabs slabs = new Slabs();

  @Test
  void what_is_kept_comes_back_wherever_a_slab_ends() throws Exception {
    List<Append> appends = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    // 3 MB, of messages that are as long as their own array takes, longer, and short.
    for (int i = 0; i < 120; i++) {
      Append append = append("ann", i, "x".repeat(i % 3 == 0 ? 70_000 : i * 200));
      appends.add(append);
      entries.add(slabs.keep(7, "r:1", i + 1, append));
    }

    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      Draft draft = appends.get(i).draft;
      assertThat(entry.packed()).isEqualTo(appends.get(i).packed);
      assertThat(entry.length()).isEqualTo(appends.get(i).packed.length);
      assertThat(entry.unpack("e"))
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
      assertThat(entry.hasCidOf(appends.get(i).packed)).isTrue();
      assertThat(entry.hasCidOf(appends.get((i + 1) % 120).packed)).isFalse();
    }
  }

  @Test
  void a_sender_is_told_from_one_whose_id_goes_on() {
    slabs.keep(7, "r:1", 1, append("anna", 1, "before"));
    Entry entry = slabs.keep(7, "r:1", 2, append("ann", 2, "x"));

    assertThat(entry.startsWith(Packed.prefix("ann"))).isTrue();
    assertThat(entry.startsWith(Packed.prefix("an"))).isFalse();
    assertThat(entry.startsWith(Packed.prefix("anna"))).isFalse();
  }

  private static Append append(String from, long time, String body) {
    Draft draft =
        new Draft("id" + time, "r:1", List.of(), from, "web", time, "c" + time, "text", body);
    return new Append(draft, KEYS, (sql, append) -> null);
  }
}
