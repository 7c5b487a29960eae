package im.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.config.SessionConfig.Policy;
import im.parley.protocol.CloseCode;
import im.parley.session.Session;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One user's devices on several nodes, in thousands of orders of what can happen. */
class DeviceRaceTest {
  private static final List<String> PLATFORMS = List.of("web", "ios");
  private static final List<String> DEVICES = List.of("a", "b");
  private static final Duration SKEW = Duration.ofSeconds(4);

  @ParameterizedTest
  @EnumSource(Policy.class)
  void of_those_that_exclude_each_other_one_is_online_and_never_two(Policy policy) {
    for (int seed = 0; seed < 300; seed++) {
      Interleaving world = new Interleaving(seed);
      Random random = world.random();
      world.start(2 + random.nextInt(2), random.nextBoolean() ? SKEW : Duration.ZERO, of(policy));
      List<TestDevice> all = logins(world, 2 + random.nextInt(6), 2);
      world.run();

      assertNeverTwo(policy, all, seed);
      for (TestDevice one : all) {
        assertThat(all)
            .as("seed %d: who is online in the place of %s", seed, one)
            .filteredOn(other -> other.isOnline() && excludes(policy, one, other))
            .hasSize(1);
      }
      assertKnown(world, all, seed);
    }
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void a_login_after_anothers_reply_replaces_it_whatever_their_nodes_clocks_say(Policy policy) {
    for (int seed = 0; seed < 100; seed++) {
      Interleaving world = new Interleaving(seed);
      world.start(3, SKEW, of(policy));
      TestDevice before = null;
      for (int i = 0; i < 6; i++) {
        TestDevice next = login(world, "web", "a");
        world.run();
        assertThat(next.isOnline()).as("seed %d: %s after %s", seed, next, before).isTrue();
        if (before != null) {
          assertThat(before.closed()).as("seed %d", seed).isEqualTo(CloseCode.REPLACED);
        }
        before = next;
      }
    }
  }

  @Test
  void above_the_limit_the_oldest_goes_whatever_the_clocks_say() {
    for (int seed = 0; seed < 100; seed++) {
      Interleaving world = new Interleaving(seed);
      world.start(3, SKEW, Map.of("sessions.max-per-user", "3"));
      List<TestDevice> all = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        TestDevice next = login(world, "web", "d" + i);
        all.add(next);
        world.run();
        assertThat(next.isOnline()).as("seed %d: %s of %s", seed, next, all).isTrue();
        assertThat(all).filteredOn(TestDevice::isOnline).hasSize(Math.min(3, all.size()));
      }
    }
  }

  @Test
  void many_at_once_are_never_more_than_the_limit_in_the_end() {
    for (int seed = 0; seed < 200; seed++) {
      Interleaving world = new Interleaving(seed);
      world.start(3, SKEW, Map.of("sessions.max-per-user", "3"));
      List<TestDevice> all = logins(world, 8, 8);
      world.run();
      assertThat(all).as("seed %d", seed).filteredOn(TestDevice::isOnline).hasSizeBetween(1, 3);
      assertKnown(world, all, seed);
    }
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void after_a_split_the_policy_holds_again_and_all_who_stay_are_told_to_sync(Policy policy) {
    for (int seed = 0; seed < 200; seed++) {
      Interleaving world = new Interleaving(seed);
      Random random = world.random();
      world.start(3, random.nextBoolean() ? SKEW : Duration.ZERO, of(policy));
      List<TestDevice> all = logins(world, 3, 2);
      world.run();
      world.split(world.nodes.get(random.nextInt(3)));
      all.addAll(logins(world, 5, 2));
      if (random.nextBoolean()) {
        world.run();
      }
      List<TestDevice> before = all.stream().filter(TestDevice::isOnline).toList();
      world.heal();
      world.run();

      for (TestDevice one : all) {
        assertThat(all)
            .as("seed %d: who is online in the place of %s", seed, one)
            .filteredOn(other -> other.isOnline() && excludes(policy, one, other))
            .hasSizeLessThanOrEqualTo(1);
      }
      assertThat(all).as("seed %d", seed).anyMatch(TestDevice::isOnline);
      assertThat(before)
          .filteredOn(TestDevice::isOnline)
          .allSatisfy(each -> assertThat(each.pushes).contains("resync"));
      assertKnown(world, all, seed);
    }
  }

  @Test
  void after_a_split_an_identity_of_prims_has_one_owner_again() {
    for (int seed = 0; seed < 100; seed++) {
      Interleaving world = new Interleaving(seed);
      world.start(3, Duration.ZERO, Map.of());
      world.split(world.nodes.get(world.random().nextInt(3)));
      List<TestDevice> all = new ArrayList<>();
      for (SimulatedNode node : world.nodes) {
        all.add(new TestDevice(world, "101", "").on(node, 0));
      }
      world.run();
      assertThat(owners(all)).as("seed %d, while split", seed).isEqualTo(2);
      world.heal();
      world.run();
      assertThat(owners(all)).as("seed %d", seed).isEqualTo(1);
      Future<List<String>> users = world.nodes.get(0).chat.lobby().users(101);
      world.run();
      assertThat(users.result()).containsExactly("amy");
    }
  }

  private static long owners(List<TestDevice> all) {
    return all.stream().filter(each -> each.session().state() == Session.State.LIVE).count();
  }

  private static void assertNeverTwo(Policy policy, List<TestDevice> all, int seed) {
    for (TestDevice one : all) {
      assertThat(one.isAnswered()).as("seed %d: %s", seed, one).isTrue();
      for (TestDevice other : all) {
        if (one != other && excludes(policy, one, other)) {
          assertThat(one.metOnline(other)).as("seed %d: %s and %s", seed, one, other).isFalse();
        }
      }
    }
  }

  /** Every node names those that are online, and no others. */
  private static void assertKnown(Interleaving world, List<TestDevice> all, int seed) {
    for (SimulatedNode node : world.nodes) {
      Future<List<SessionInfo>> listed = node.chat.logins().sessions("amy");
      world.run();
      assertThat(listed.result())
          .as("seed %d", seed)
          .extracting(SessionInfo::id)
          .containsExactlyElementsOf(
              all.stream()
                  .filter(TestDevice::isOnline)
                  .map(each -> each.session().id())
                  .sorted()
                  .toList());
    }
  }

  private static boolean excludes(Policy policy, TestDevice one, TestDevice other) {
    boolean platform = one.request.platform().equals(other.request.platform());
    return switch (policy) {
      case SINGLE -> true;
      case PLATFORM -> platform;
      case DEVICE -> platform && one.request.device().equals(other.request.device());
    };
  }

  /** So many logins on nodes, gateways and devices that the seed draws, each begun some time. */
  private static List<TestDevice> logins(Interleaving world, int count, int devices) {
    List<TestDevice> all = new ArrayList<>();
    Random random = world.random();
    for (int i = 0; i < count; i++) {
      String platform = PLATFORMS.get(random.nextInt(2));
      String name = devices == 2 ? DEVICES.get(random.nextInt(2)) : "d" + i;
      TestDevice device = new TestDevice(world, platform, name);
      SimulatedNode node = world.nodes.get(random.nextInt(world.nodes.size()));
      int gateway = random.nextInt(2);
      world.later(() -> device.on(node, gateway));
      all.add(device);
    }
    return all;
  }

  private static TestDevice login(Interleaving world, String platform, String name) {
    Random random = world.random();
    SimulatedNode node = world.nodes.get(random.nextInt(world.nodes.size()));
    return new TestDevice(world, platform, name).on(node, random.nextInt(2));
  }

  private static Map<String, String> of(Policy policy) {
    return Map.of("sessions.policy", policy.name().toLowerCase(Locale.ROOT));
  }
}
