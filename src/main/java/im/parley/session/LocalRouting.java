package im.parley.session;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Push;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The part of routing that stays on this node. Any thread. */
final class LocalRouting {
  /** What a question names in place of topics when it is one to every gateway. */
  static final String EVERYONE = "*";

  private final LocalTopics topics;
  private final List<Gateway> gateways;
  private final Map<String, Query<?>> queries = new ConcurrentHashMap<>();

  LocalRouting(LocalTopics topics, List<Gateway> gateways) {
    this.topics = topics;
    this.gateways = List.copyOf(gateways);
  }

  /** Delivers to the gateways that listen. */
  void deliver(Push push, Audience audience) {
    long listening = topics.gateways(audience.topic());
    if (audience.other() != null) {
      listening |= topics.gateways(audience.other());
    }
    forEachGateway(listening, gateway -> offer(gateway, push, audience));
  }

  void define(Query<?> query) {
    if (queries.put(query.name(), query) != null) {
      throw new IllegalStateException("two questions are called " + query.name());
    }
  }

  /** The question of that name; a refusal when this version of Parley has none. */
  Query<?> query(String name) {
    Query<?> query = name == null ? null : queries.get(name);
    if (query == null) {
      throw new Refusal(ErrorCode.NO_ROUTE, "no question is called " + name);
    }
    return query;
  }

  <A> Future<List<A>> ask(Query<A> query, Collection<String> asked, JsonObject parameters) {
    if (asked.contains(EVERYONE)) {
      return askAll(gateway -> query.answer().apply(gateway, parameters));
    }
    long listening = 0;
    for (String topic : asked) {
      listening |= topics.gateways(topic);
    }
    if (listening == 0) {
      return Future.succeededFuture(List.of());
    }
    List<Future<A>> answers = new ArrayList<>();
    forEachGateway(
        listening,
        gateway -> answers.add(ask(gateway, each -> query.answer().apply(each, parameters))));
    return Future.all(answers).map(all -> all.list());
  }

  <T> Future<List<T>> askAll(Function<Gateway, T> question) {
    return Future.all(gateways.stream().map(gateway -> ask(gateway, question)).toList())
        .map(all -> all.list());
  }

  /** Something was lost on the way to this node: all its sessions are told to sync. */
  void overrun() {
    gateways.forEach(Gateway::overrun);
  }

  LocalTopics topics() {
    return topics;
  }

  List<Gateway> gateways() {
    return gateways;
  }

  private static <T> Future<T> ask(Gateway gateway, Function<Gateway, T> question) {
    Promise<T> answer = Promise.promise();
    gateway
        .inbox()
        .put(
            () -> {
              try {
                answer.complete(question.apply(gateway));
              } catch (RuntimeException e) {
                answer.fail(e);
              }
            });
    return answer.future();
  }

  /**
   * A gateway that is too far behind loses the push; a lost message makes all of its sessions sync.
   */
  private static void offer(Gateway gateway, Push push, Audience audience) {
    boolean taken = gateway.inbox().offer(() -> gateway.deliver(push, audience));
    if (!taken && push.message() != null) {
      gateway.overrun();
    }
  }

  private void forEachGateway(long set, Consumer<Gateway> action) {
    for (long rest = set; rest != 0; rest &= rest - 1) {
      action.accept(gateways.get(Long.numberOfTrailingZeros(rest)));
    }
  }
}
