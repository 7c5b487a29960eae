package im.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionSetTest {
  private final SessionSet set = new SessionSet();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void it_holds_what_an_identity_set_holds(long seed) {
    Random random = new Random(seed);
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      sessions.add(
          TestConnection.session(
              random.nextInt(4) == 0 ? 7 : random.nextLong(), "u")); // some ids collide
    }
    Set<Session> model = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int step = 0; step < 30_000; step++) {
      int spread = step / 5_000 % 2 == 0 ? 600 : 20; // grows, then shrinks
      Session session = sessions.get(random.nextInt(600));
      if (random.nextInt(600) < spread / 2) {
        assertThat(set.add(session)).isEqualTo(model.add(session));
      } else {
        assertThat(set.remove(session)).isEqualTo(model.remove(session));
      }
      if (step % 250 == 0) {
        assertThat(contents()).hasSize(model.size()).allMatch(model::contains);
      }
      assertThat(set.size()).isEqualTo(model.size());
    }
    sessions.forEach(set::remove);
    assertThat(contents()).isEmpty();
  }

  @Test
  void it_goes_through_them_in_the_order_in_which_they_came() {
    Random random = new Random(3);
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      sessions.add(TestConnection.session(random.nextLong(), "u"));
      set.add(sessions.get(i));
    }
    assertThat(contents()).containsExactlyElementsOf(sessions);
  }

  @Test
  void any_is_one_of_those_that_are_in() {
    Session session = TestConnection.session(3, "u");
    set.add(session);
    assertThat(set.any()).isSameAs(session);
    set.remove(session);
    assertThatThrownBy(set::any).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void changing_it_within_for_each_is_a_bug_that_shows() {
    set.add(TestConnection.session(3, "u"));
    assertThatThrownBy(() -> set.forEach(set::remove)).isInstanceOf(AssertionError.class);
    set.add(TestConnection.session(4, "u")); // and afterwards it may be changed again
    assertThat(set.size()).isEqualTo(2);
  }

  private List<Session> contents() {
    List<Session> contents = new ArrayList<>();
    set.forEach(contents::add);
    return contents;
  }
}
