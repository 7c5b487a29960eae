package im.parley.session;

import im.parley.protocol.Push;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Routes to the gateways that listen to a topic. Any thread; what one thread routes arrives at a
 * gateway in that order.
 */
public final class Router {
  private final LocalTopics topics;
  private final List<Gateway> gateways;

  /** {@code gateways} are this node's, in the order of their index. */
  public Router(LocalTopics topics, List<Gateway> gateways) {
    this.topics = topics;
    this.gateways = List.copyOf(gateways);
  }

  /** Routes a push. */
  public void route(Push push, Audience audience) {
    long listening = topics.gateways(audience.topic());
    if (audience.other() != null) {
      listening |= topics.gateways(audience.other());
    }
    forEachGateway(listening, gateway -> offer(gateway, push, audience));
  }

  /** Whether anyone listens. */
  public boolean listened(String topic) {
    return topics.gateways(topic) != 0;
  }

  /** Whether no gateway but this one listens. */
  public boolean listenedOnlyBy(String topic, Gateway gateway) {
    return (topics.gateways(topic) & ~(1L << gateway.index())) == 0;
  }

  /**
   * Runs {@code task} on the event loop of each gateway that listens to {@code topic}. It is not
   * lost.
   */
  public void run(String topic, Consumer<Gateway> task) {
    forEachGateway(
        topics.gateways(topic), gateway -> gateway.inbox().put(() -> task.accept(gateway)));
  }

  /**
   * Asks each gateway that listens to {@code topic}, on its event loop, and collects the answers.
   */
  public <T> Future<List<T>> ask(String topic, Function<Gateway, T> question) {
    List<Future<T>> answers = new ArrayList<>();
    forEachGateway(topics.gateways(topic), gateway -> answers.add(ask(gateway, question)));
    return Future.all(answers).map(all -> all.list());
  }

  /** Asks every gateway of this node. */
  public <T> Future<List<T>> askAll(Function<Gateway, T> question) {
    return Future.all(gateways.stream().map(gateway -> ask(gateway, question)).toList())
        .map(all -> all.list());
  }

  /** This node's gateways. */
  public List<Gateway> gateways() {
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
    boolean taken = gateway.inbox().offer(() -> audience.deliver(push, gateway.topics()));
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
