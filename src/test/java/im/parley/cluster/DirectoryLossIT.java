package im.parley.cluster;

import static im.parley.testing.Waiting.await;
import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChildJvm;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that go: killed, one after the other, in order, and for a while. */
class DirectoryLossIT {
  private static final int TOPICS = 15_000;

  private DirectoryMember one;
  private DirectoryMember two;

  @BeforeEach
  void start() {
    one = DirectoryMember.first();
    two = one.joinedBy();
  }

  @AfterEach
  void stop() {
    two.close();
    one.close();
  }

  @Test
  void a_killed_node_is_named_no_more_and_its_routes_are_removed(@TempDir Path directory)
      throws Exception {
    List<String> only = new ArrayList<>();
    for (int i = 0; i < TOPICS; i++) {
      if (i % 3 == 0) {
        two.listen("user:" + i);
      } else {
        only.add("user:" + i);
      }
    }
    two.settled();
    CompletableFuture<List<String>> told = new CompletableFuture<>();
    try (ChildJvm child =
        ChildJvm.start(
            DirectoryProcess.class,
            directory,
            Map.of(),
            two.address(),
            "user:",
            Integer.toString(TOPICS))) {
      long gone = Long.parseLong(child.awaitLine("number ").substring("number ".length()));
      assertThat(two.entries()).isEqualTo(TOPICS);
      until("all have their backup", one::isSafe);
      assertThat(one.nodes("user:0")).containsExactly(two.number(), gone);
      assertThat(one.nodes("user:1")).containsExactly(gone);
      one.membership.watch(
          new Membership.Watcher() {
            @Override
            public void left(long node) {
              assertThat(one.directory.known("user:0")).containsExactly(two.number());
              assertThat(one.directory.known("user:1")).isEmpty();
              List<String> all = List.copyOf(two.topics);
              Future<List<String>> others = one.directory.whereOnly(node, all);
              one.directory
                  .whereOnly(node, only)
                  .compose(mine -> others.map(none -> none.isEmpty() ? mine : none))
                  .onSuccess(told::complete)
                  .onFailure(told::completeExceptionally);
            }
          });

      child.signal("KILL");

      assertThat(await(Future.fromCompletionStage(told))).isEqualTo(only);
      until("its routes are removed", () -> one.entries() == TOPICS - only.size());
      assertThat(one.entry("user:0")).containsExactly(two.number());
    }
  }

  @Test
  void when_the_oldest_goes_too_the_next_one_removes_what_both_left() {
    DirectoryMember three = one.joinedBy();
    one.listen("user:one", 500);
    two.listen("user:two", 500);
    three.listen("user:three", 500);
    CompletableFuture<Void> left = new CompletableFuture<>();
    one.membership.watch(
        new Membership.Watcher() {
          @Override
          public void left(long node) {
            left.complete(null);
          }
        });

    three.close();
    await(Future.fromCompletionStage(left));
    one.close(); // within the time after which it would have removed them

    until("both are removed", () -> two.count(NamesAny.but(two.number())) == 0);
    // Two members lost are one more than there are backups: of some routes no copy was left.
    until("all of the living is there again", () -> two.count(NamesAny.of(two.number())) == 500);
  }

  @Test
  void who_leaves_in_order_takes_its_routes_back() {
    one.listen("user:both", 1_000);
    two.listen("user:both", 1_000);
    two.listen("user:two", 1_000);

    await(two.directory.leave());

    assertThat(one.entries()).isEqualTo(1_000);
    for (int i = 0; i < 1_000; i++) {
      assertThat(one.entry("user:both" + i)).containsExactly(one.number());
    }
    two.listen("user:late");
    assertThat(one.entry("user:late")).isNull();
  }

  @Test
  void a_node_that_joins_is_named_as_soon_as_it_listens() {
    one.nodes("user:new");
    DirectoryMember three = one.joinedBy();
    three.listen("user:new");
    three.settled();

    until(
        "it is named",
        () -> {
          long[] nodes = one.nodes("user:new");
          return nodes.length == 1 && nodes[0] == three.number();
        });
    three.close();
  }

  @Test
  void two_halves_that_find_each_other_lose_no_route_of_either() {
    one.listen("user:one", 500);
    two.listen("user:two", 500);
    one.listen("user:both", 500);
    two.listen("user:both", 500);
    CompletableFuture<Void> merged = new CompletableFuture<>();
    for (DirectoryMember member : List.of(one, two)) {
      member.membership.watch(
          new Membership.Watcher() {
            @Override
            public void merged() {
              merged.complete(null);
            }
          });
    }

    Split.between(one.hazelcast, two.hazelcast);
    until("they are apart", () -> one.membership.nodes().size() == 1 || merged.isDone());
    one.listen("user:meanwhile-one");
    two.listen("user:meanwhile-two");

    await(Future.fromCompletionStage(merged));
    until("they are together", () -> one.membership.nodes().size() == 2);
    one.settled();
    two.settled();
    until("all is there", () -> one.entries() == 1_502);
    for (int i = 0; i < 500; i++) {
      int topic = i;
      assertThat(one.entry("user:one" + i)).contains(one.number());
      assertThat(one.entry("user:two" + i)).contains(two.number());
      until("both are named", () -> one.entry("user:both" + topic).length == 2);
    }
    assertThat(two.entry("user:meanwhile-one")).contains(one.number());
    assertThat(one.entry("user:meanwhile-two")).contains(two.number());
  }

  @Test
  void who_is_back_when_the_routes_of_its_absence_are_removed_registers_anew() {
    one.listen("user:one", 100);
    two.listen("user:two", 100);
    DeadRoutes late =
        new DeadRoutes(
            one.hazelcast,
            one.hazelcast.getMap(HazelcastDirectory.MAP),
            new OnlyOneself(one.membership),
            () -> {});
    late.left(two.number());

    assertThat(late.sweep(two.number())).isTrue();

    until("all is there again", () -> one.count(NamesAny.of(two.number())) == 100);
    assertThat(one.entries()).isEqualTo(200);
    late.close();
  }

  /** What a node sees that does not know yet who came back. */
  private record OnlyOneself(Membership membership) implements Membership {
    @Override
    public long self() {
      return membership.self();
    }

    @Override
    public List<NodeInfo> nodes() {
      return membership.nodes().stream().filter(node -> node.id() == self()).toList();
    }

    @Override
    public void publish(NodeInfo self) {
      membership.publish(self);
    }

    @Override
    public void watch(Watcher watcher) {
      membership.watch(watcher);
    }
  }
}
