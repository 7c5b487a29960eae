package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.store.Draft;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries that share a key, so that all lie in one chain. */
class CidTableTest {
  private static final int KEY = 5;

  private final CidTable table = new CidTable();

  @Test
  void entries_with_equal_keys_are_told_apart_by_sender_and_cid() {
    List<Entry> entries = fill(4);

    for (Entry entry : entries) {
      assertThat(table.find(1, KEY, entry.packed())).isSameAs(entry);
    }
    assertThat(table.find(1, KEY, packed("4"))).isNull();
    assertThat(table.find(2, KEY, packed("1"))).as("another conversation").isNull();
  }

  @Test
  void removing_one_leaves_the_others_wherever_it_was_in_the_chain() {
    for (int removed = 0; removed < 4; removed++) {
      table.clear();
      List<Entry> entries = fill(4);
      table.remove(entries.get(removed));

      for (int i = 0; i < 4; i++) {
        assertThat(table.find(1, KEY, entries.get(i).packed()))
            .isSameAs(i == removed ? null : entries.get(i));
      }
    }
  }

  private List<Entry> fill(int count) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] packed = packed("" + i);
      Entry entry = new Entry(1, "r:1", i + 1, KEY, packed, 0, packed.length);
      entries.add(entry);
      table.add(entry);
    }
    return entries;
  }

  private static byte[] packed(String cid) {
    return Packed.of(new Draft("id", "r:1", List.of(), "ann", "web", 1, cid, "text", "{}"));
  }
}
