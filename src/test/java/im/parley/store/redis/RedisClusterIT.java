package im.parley.store.redis;

import static im.parley.store.StoreContract.await;
import static im.parley.store.StoreContract.offsets;
import static im.parley.store.StoreContract.range;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.store.Appended;
import im.parley.store.ConversationStore.Role;
import im.parley.store.Draft;
import im.parley.store.RoomStore.JoinPolicy;
import im.parley.store.RoomStore.Limits;
import im.parley.store.RoomStore.Room;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three primaries share the slots. */
class RedisClusterIT {
  private static final Vertx vertx = Vertx.vertx();
  private static final Limits LIMITS = new Limits(10, 1_000);
  private static final List<RedisServer> servers =
      Stream.generate(
              () ->
                  new RedisServer(
                      "--cluster-enabled", "yes", "--appendonly", "yes", "--appendfsync", "always"))
          .limit(3)
          .toList();
  private static RedisStore store;

  @BeforeAll
  static void start() {
    servers.forEach(RedisServer::start);
    List<String> create = new ArrayList<>(List.of("redis-cli", "--cluster", "create"));
    servers.forEach(server -> create.add("127.0.0.1:" + server.port()));
    create.add("--cluster-yes");
    RedisServer.run(create.toArray(String[]::new));
    Until.holds(
        "the cluster is whole",
        () ->
            servers.stream()
                .allMatch(server -> server.cli("CLUSTER", "INFO").contains("cluster_state:ok")));
    String urls = servers.stream().map(RedisServer::url).collect(Collectors.joining(", "));
    store =
        RedisStore.open(
            vertx, RedisAwayIT.config(urls, "always", Duration.ofSeconds(2)), Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    await(store.close());
    await(vertx.close());
    servers.forEach(RedisServer::close);
  }

  private static Future<Appended> append(String peer, String cid) {
    return store
        .messages()
        .append(
            new Draft(
                "id" + cid,
                "direct:ann:" + peer,
                List.of("ann", peer),
                "ann",
                "web",
                1,
                cid,
                "text",
                "{}"));
  }

  @Test
  void conversations_spread_over_all_primaries_and_each_keeps_its_order() {
    List<Future<Appended>> sent = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      for (int peer = 0; peer < 60; peer++) {
        sent.add(append("p" + peer, "" + i));
      }
    }
    await(Future.all(sent));

    for (int i = 0; i < sent.size(); i++) {
      assertThat(sent.get(i).result().message().offset()).isEqualTo(i / 60 + 1);
    }
    assertThat(offsets(await(store.messages().readAfter("direct:ann:p7", 0, 100))))
        .isEqualTo(range(1, 20));
    assertThat(await(store.conversations().conversations("ann", "", 100)).conversations())
        .extracting(state -> state.conversation())
        .filteredOn(name -> !name.endsWith("mover"))
        .hasSize(60)
        .isSorted();
    assertThat(servers)
        .allSatisfy(server -> assertThat(Integer.parseInt(server.cli("DBSIZE"))).isGreaterThan(50));
    assertThat(await(append("p7", "3")).duplicate()).isTrue();
  }

  @Test
  void a_room_its_members_and_their_lists_may_be_in_different_places() {
    for (int i = 0; i < 8; i++) {
      Room room = new Room("r" + i, "room:r" + i, "R", "olga", JoinPolicy.OPEN, 1, 0);
      assertThat(await(store.rooms().create(room, List.of("pia"), LIMITS))).isTrue();
      assertThat(await(store.rooms().add("r" + i, List.of("quin"), LIMITS))).containsExactly(true);
      assertThat(await(store.rooms().remove("r" + i, "olga"))).isTrue();
    }

    assertThat(await(store.rooms().roomsOf("quin"))).hasSize(8).isSorted();
    assertThat(await(store.rooms().roomsOf("olga"))).isEmpty();
    assertThat(await(store.rooms().openRooms("r3", 3)))
        .extracting(Room::room)
        .containsExactly("r4", "r5", "r6");
    assertThat(await(store.conversations().members("room:r0", "", 10)))
        .extracting(member -> member.role())
        .containsExactly(Role.OWNER, Role.MEMBER);
  }

  @Test
  void slots_that_move_to_another_primary_are_found_again() {
    await(append("mover", "1"));
    int slot = Keys.slot(Keys.head("direct:ann:mover"));
    RedisServer from = ownerOf(slot);
    RedisServer to = servers.stream().filter(server -> server != from).findFirst().orElseThrow();
    String toId = to.cli("CLUSTER", "MYID");
    to.cli("CLUSTER", "SETSLOT", "" + slot, "IMPORTING", from.cli("CLUSTER", "MYID"));
    from.cli("CLUSTER", "SETSLOT", "" + slot, "MIGRATING", toId);
    for (String key : from.cli("CLUSTER", "GETKEYSINSLOT", "" + slot, "100").split("\n")) {
      from.cli("MIGRATE", "127.0.0.1", "" + to.port(), key, "0", "5000");
    }
    for (RedisServer server : List.of(to, from)) {
      server.cli("CLUSTER", "SETSLOT", "" + slot, "NODE", toId);
    }

    // At first it is asked for at its old place, which is refused, not followed.
    Until.holds("the move is noticed", () -> succeeds(append("mover", "2")));

    assertThat(offsets(await(store.messages().readAfter("direct:ann:mover", 0, 10))))
        .isEqualTo(range(1, 2));
  }

  private static boolean succeeds(Future<Appended> appended) {
    try {
      await(appended);
      return true;
    } catch (Refusal refusal) {
      assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      return false;
    }
  }

  private static RedisServer ownerOf(int slot) {
    return servers.stream()
        .filter(server -> owns(server.cli("CLUSTER", "NODES"), slot))
        .findFirst()
        .orElseThrow();
  }

  private static boolean owns(String nodes, int slot) {
    return nodes
        .lines()
        .filter(line -> line.contains("myself"))
        .flatMap(line -> Stream.of(line.split(" ")).skip(8))
        .map(range -> range.split("-"))
        .anyMatch(
            range ->
                Integer.parseInt(range[0]) <= slot
                    && slot <= Integer.parseInt(range[range.length - 1]));
  }
}
