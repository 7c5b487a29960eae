package im.parley.cluster;

import static im.parley.testing.Waiting.await;
import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two members that stay; what each test listens to is taken back after it. */
class HazelcastDirectoryIT {
  private static DirectoryMember one;
  private static DirectoryMember two;

  @BeforeAll
  static void start() {
    one = DirectoryMember.first();
    two = one.joinedBy();
  }

  @AfterAll
  static void stop() {
    two.close();
    one.close();
  }

  @AfterEach
  void silence() {
    for (DirectoryMember member : List.of(one, two)) {
      List.copyOf(member.topics).forEach(member::silence);
      member.settled();
    }
    assertThat(one.entries()).as("entries that a test left").isZero();
  }

  @Test
  void the_first_listener_lists_its_node_and_the_last_one_removes_the_entry() {
    one.listen("user:ann");
    two.listen("user:ann");
    one.settled();
    two.settled();
    assertThat(one.entry("user:ann")).containsExactlyInAnyOrder(one.number(), two.number());

    one.silence("user:ann");
    one.settled();
    assertThat(one.entry("user:ann")).containsExactly(two.number());

    two.silence("user:ann");
    two.settled();
    assertThat(one.entry("user:ann")).isNull();
  }

  @Test
  void after_any_calls_the_map_is_as_the_last_ones_wanted() {
    Random random = new Random(7);
    for (int call = 0; call < 40_000; call++) {
      DirectoryMember member = random.nextBoolean() ? one : two;
      String topic = "room:" + random.nextInt(100);
      if (random.nextBoolean()) {
        member.listen(topic);
      } else {
        member.silence(topic);
      }
    }
    one.settled();
    two.settled();

    for (int i = 0; i < 100; i++) {
      String topic = "room:" + i;
      Set<Long> wanted = new HashSet<>();
      for (DirectoryMember member : List.of(one, two)) {
        if (member.listens(topic)) {
          wanted.add(member.number());
        }
      }
      assertThat(boxed(one.entry(topic))).as(topic).isEqualTo(wanted);
    }
  }

  @Test
  void a_topic_that_another_node_speaks_of_is_asked_about_anew() {
    one.listen("user:ann");
    one.settled();
    assertThat(two.nodes("user:ann")).containsExactly(one.number());
    assertThat(two.directory.known("user:ann")).containsExactly(one.number());

    two.directory.forget("user:ann");

    assertThat(two.directory.known("user:ann")).isNull();
    assertThat(two.nodes("user:ann")).containsExactly(one.number());
  }

  @Test
  void of_two_that_register_at_the_same_time_and_then_ask_one_at_least_sees_the_other()
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    List<Future<long[]>> seenByTwo = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              for (int i = 0; i < 2_000; i++) {
                meet(start, i);
                two.listen("user:" + i);
                seenByTwo.add(two.directory.fresh("user:" + i));
              }
            });
    other.start();
    List<Future<long[]>> seenByOne = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      meet(start, i);
      one.listen("user:" + i);
      seenByOne.add(one.directory.fresh("user:" + i));
    }
    other.join();

    for (int i = 0; i < 2_000; i++) {
      Set<Long> byOne = boxed(await(seenByOne.get(i)));
      Set<Long> byTwo = boxed(await(seenByTwo.get(i)));
      assertThat(byOne).contains(one.number());
      assertThat(byTwo).contains(two.number());
      assertThat(byOne.contains(two.number()) || byTwo.contains(one.number())).isTrue();
    }
  }

  @Test
  void a_topic_that_nobody_listens_to_is_known_and_known_otherwise_once_one_does() {
    assertThat(one.directory.known("user:away")).as("nobody has asked").isNull();
    assertThat(one.nodes("user:away")).isEmpty();
    assertThat(one.directory.known("user:away")).isEmpty();

    two.listen("user:away");

    until("the change has come", () -> one.directory.known("user:away") == null);
    assertThat(one.nodes("user:away")).containsExactly(two.number());
    assertThat(one.directory.known("user:away")).containsExactly(two.number());

    two.silence("user:away");
    until("it is known to be gone", () -> one.nodes("user:away").length == 0);
  }

  @Test
  void fresh_asks_past_what_is_remembered() {
    one.nodes("user:forged");
    two.listen("user:forged");
    two.settled();

    assertThat(await(one.directory.fresh("user:forged"))).containsExactly(two.number());
  }

  @Test
  void numbers_of_no_member_are_never_named() {
    one.forge("user:ghost", 4711, two.number());

    assertThat(one.nodes("user:ghost")).containsExactly(two.number());
    until("it is remembered", () -> one.nodes("user:ghost") == one.directory.known("user:ghost"));
    assertThat(one.directory.known("user:ghost")).containsExactly(two.number());
    assertThat(await(one.directory.fresh("user:ghost"))).containsExactly(two.number());
    one.lose("user:ghost");
  }

  @Test
  void the_audit_brings_back_what_is_missing() {
    one.listen("user:lost", 3_000);
    for (int i = 0; i < 3_000; i += 3) {
      two.lose("user:lost" + i);
    }
    long before = one.directory.readings().missing();

    one.directory.audit().round();
    one.settled();

    assertThat(one.directory.readings().missing() - before).isEqualTo(1_000);
    for (int i = 0; i < 3_000; i++) {
      assertThat(one.entry("user:lost" + i)).containsExactly(one.number());
    }
  }

  @Test
  void the_audit_removes_this_node_where_it_does_not_listen_and_no_other() {
    one.listen("user:own");
    one.settled();
    one.forge("user:surplus", one.number());
    one.forge("user:shared", one.number(), two.number());
    two.topics.add("user:shared");
    long before = one.directory.readings().surplus();

    one.directory.audit().round();
    one.settled();

    assertThat(one.directory.readings().surplus() - before).isEqualTo(2);
    assertThat(one.entry("user:surplus")).isNull();
    assertThat(one.entry("user:shared")).containsExactly(two.number());
    assertThat(one.entry("user:own")).containsExactly(one.number());
  }

  @Test
  void the_audits_remove_strangers_in_their_second_round() {
    two.listen("user:both");
    two.settled();
    two.forge("user:both", 4711, two.number());
    for (int i = 0; i < 100; i++) {
      two.forge("user:stranger" + i, 4711);
    }
    long before = one.directory.readings().dead() + two.directory.readings().dead();

    one.directory.audit().round();
    two.directory.audit().round();
    assertThat(one.entries()).as("might be about to join").isEqualTo(101);
    one.directory.audit().round();
    two.directory.audit().round();

    assertThat(one.entries()).isEqualTo(1);
    assertThat(one.entry("user:both")).containsExactly(two.number());
    assertThat(one.directory.readings().dead() + two.directory.readings().dead() - before)
        .isEqualTo(101);
  }

  @Test
  void an_audit_amid_registrations_repairs_nothing_that_is_right() throws Exception {
    Random random = new Random(11);
    Thread caller =
        new Thread(
            () -> {
              for (int call = 0; call < 60_000; call++) {
                String topic = "room:" + random.nextInt(2_000);
                if (random.nextBoolean()) {
                  one.listen(topic);
                } else {
                  one.silence(topic);
                }
              }
            });
    caller.start();
    do {
      one.directory.audit().round();
    } while (caller.isAlive());
    caller.join();
    one.settled();

    for (int i = 0; i < 2_000; i++) {
      assertThat(one.entry("room:" + i) != null).isEqualTo(one.listens("room:" + i));
    }
  }

  @Test
  void what_was_lost_in_a_merge_is_registered_anew() {
    one.listen("user:merged", 5_000);
    one.hazelcast.getMap(HazelcastDirectory.MAP).clear();
    assertThat(one.entries()).isZero();

    one.directory.merged();

    until("all is there again", () -> one.entries() == 5_000);
  }

  @Test
  void where_only_names_topics_that_nobody_else_listens_to() {
    two.listen("user:only");
    two.listen("user:both");
    one.listen("user:both");
    one.settled();
    two.settled();

    List<String> asked = new ArrayList<>(List.of("user:only", "user:both", "user:none"));
    for (int i = 0; i < 5_000; i++) {
      asked.add("user:none" + i);
    }
    assertThat(await(one.directory.whereOnly(two.number(), asked))).containsExactly("user:only");
  }

  @Test
  void the_gauges_count_entries_and_memory() {
    one.listen("user:counted", 100);
    one.nodes("user:counted1");
    long asked = one.directory.readings().asked();
    one.nodes("user:counted1");

    assertThat(one.directory.readings().entries() + two.directory.readings().entries())
        .isEqualTo(100);
    assertThat(one.directory.readings().cached()).isPositive();
    assertThat(one.directory.readings().asked()).as("known needs no question").isEqualTo(asked);
  }

  private static void meet(CyclicBarrier start, int round) {
    try {
      if (round % 100 == 0) { // often enough that both run side by side
        start.await();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Set<Long> boxed(long[] nodes) {
    Set<Long> boxed = new HashSet<>();
    for (long node : nodes == null ? Directory.NOBODY : nodes) {
      boxed.add(node);
    }
    return boxed;
  }
}
