package im.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryRingTest {
  private static final int HORIZON = 20;

  private final ExpiryRing<Item> ring = new ExpiryRing<>(HORIZON, 1);
  private final List<Item> expired = new ArrayList<>();

  /**
   * Thousands of entries that are added, seen, removed and shortened, beside a set that is searched
   * through.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void it_ends_what_a_simple_set_would_end(long seed) {
    Random random = new Random(seed);
    Set<Item> model = new HashSet<>();
    List<Item> all = new ArrayList<>();
    int now = 1;
    for (int step = 0; step < 20_000; step++) {
      int kind = random.nextInt(100);
      if (kind < 55 || all.isEmpty()) {
        Item item =
            new Item(now + 1 + random.nextInt(random.nextInt(10) == 0 ? 5 * HORIZON : HORIZON));
        ring.add(item);
        model.add(item);
        all.add(item);
      } else if (kind < 75) {
        Item item = all.get(random.nextInt(all.size()));
        item.due =
            Math.max(item.due, now + 1 + random.nextInt(HORIZON)); // a heartbeat only notes it
      } else if (kind < 85) {
        Item item = all.get(random.nextInt(all.size()));
        ring.remove(item); // perhaps for the second time
        model.remove(item);
      } else if (kind < 90) {
        Item item = all.get(random.nextInt(all.size()));
        if (model.contains(item)) {
          item.due = now + 1; // a token with less time left, told by putting it in again
          ring.remove(item);
          ring.add(item);
        }
      } else if (kind < 92) {
        now +=
            random.nextInt(
                random.nextInt(10) == 0 ? 3 * HORIZON : 3); // a loop that hung for a while
        expired.clear();
        sweep(now);
        int second = now;
        List<Item> ended = model.stream().filter(item -> item.due <= second).toList();
        assertThat(expired).containsExactlyInAnyOrderElementsOf(ended);
        ended.forEach(model::remove);
        all.removeAll(ended);
      }
      if (step % 500 == 0) {
        List<Item> found = new ArrayList<>();
        ring.forEach(found::add);
        assertThat(found).containsExactlyInAnyOrderElementsOf(model);
      }
    }
    sweep(now + 10 * HORIZON);
    expired.forEach(model::remove);
    assertThat(model).isEmpty();
  }

  @Test
  void what_is_due_already_ends_with_the_next_second() {
    Item late = new Item(-5);
    ring.add(late);
    sweep(1);
    assertThat(expired).isEmpty();
    sweep(2);
    assertThat(expired).containsExactly(late);
  }

  @Test
  void an_entry_beyond_the_horizon_ends_in_its_second() {
    Item far = new Item(1000);
    ring.add(far);
    sweep(999);
    assertThat(expired).isEmpty();
    sweep(1000);
    assertThat(expired).containsExactly(far);
    assertThat(far.slot).isEqualTo(-1);
  }

  @Test
  void whoever_is_told_that_an_entry_ended_may_put_it_in_again_or_take_it_out() {
    Item first = new Item(5);
    Item second = new Item(5);
    ring.add(first);
    ring.add(second);
    ring.sweep(
        5,
        2,
        item -> {
          expired.add(item);
          ring.remove(item);
          item.due = 9;
          ring.add(item);
        });
    assertThat(expired).containsExactlyInAnyOrder(first, second);
    expired.clear();
    sweep(9);
    assertThat(expired).containsExactlyInAnyOrder(first, second);
  }

  @Test
  void it_stops_after_so_many_and_goes_on_where_it_was() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      items.add(new Item(3));
      ring.add(items.get(i));
    }

    assertThat(ring.sweep(5, 4, expired::add)).isTrue();
    assertThat(expired).hasSize(4);
    items.removeAll(expired);
    ring.remove(items.remove(0)); // one that closes by itself meanwhile
    Item late = new Item(2); // one that comes with too little time left
    ring.add(late);
    expired.clear();

    assertThat(ring.sweep(6, 5, expired::add)).isTrue();
    assertThat(expired).containsExactlyInAnyOrderElementsOf(items);
    assertThat(ring.sweep(6, 1, expired::add)).isFalse();
    assertThat(expired).contains(late).hasSize(6);
  }

  private void sweep(int now) {
    while (ring.sweep(now, 3, expired::add)) {
      assertThat(expired).doesNotHaveDuplicates();
    }
  }

  private static final class Item implements ExpiryRing.Entry<Item> {
    private int due;
    private int slot = -1;
    private Item previous;
    private Item next;

    Item(int due) {
      this.due = due;
    }

    @Override
    public int due() {
      return due;
    }

    @Override
    public Item previous() {
      return previous;
    }

    @Override
    public Item next() {
      return next;
    }

    @Override
    public void previous(Item entry) {
      previous = entry;
    }

    @Override
    public void next(Item entry) {
      next = entry;
    }

    @Override
    public int slot() {
      return slot;
    }

    @Override
    public void slot(int slot) {
      this.slot = slot;
    }
  }
}
