package im.parley.testing;

import static im.parley.testing.VectorEndpoint.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plays one vector against a server; owns its connections and closes them at the end. */
public final class VectorPlayer implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final VectorEndpoint endpoint;
  private final Bindings bindings;
  private final String run;
  private final Map<String, WireClient> clients = new HashMap<>();

  /** A player whose users and rooms carry {@code run} in their names. */
  public VectorPlayer(VectorEndpoint endpoint, String run) {
    this.endpoint = endpoint;
    this.run = run;
    this.bindings = new Bindings(run);
  }

  /** Plays all steps; an {@link AssertionError} names the first step that went otherwise. */
  public void play(Vector vector) {
    int number = 0;
    for (JsonObject step : vector.steps()) {
      number++;
      try {
        play(step);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "%s, step %d %s: %s".formatted(vector.name(), number, step.encode(), e.getMessage()),
            e);
      }
    }
  }

  private void play(JsonObject step) {
    if (step.containsKey("http")) {
      playHttp(step);
      return;
    }
    String name = step.getString("on");
    assertThat(name).as("'on' names the connection").isNotNull();
    if (step.containsKey("open")) {
      clients.put(name, new WireClient(endpoint.webSocket(step.getString("open"))));
      return;
    }
    WireClient client =
        clients.computeIfAbsent(name, n -> new WireClient(endpoint.webSocket("ws")));
    for (String verb : step.fieldNames()) {
      if (!verb.equals("on")) {
        play(client, verb, step.getValue(verb));
      }
    }
  }

  private void play(WireClient client, String verb, Object operand) {
    switch (verb) {
      case "send" -> client.sendText(Json.encode(bindings.fill(plain(operand))));
      case "sendText" -> client.sendText(bindings.fill((String) operand));
      case "sendBinary" -> client.sendBinary(bindings.fill((String) operand));
      case "ping" -> client.sendPing((String) operand);
      case "close" -> client.sendClose((Integer) operand);
      case "expect" -> expectAll(client, List.of(plain(operand)));
      case "expectAll" -> expectAll(client, (List<?>) plain(operand));
      case "expectText" ->
          assertThat(next(client)).isEqualTo(new WireClient.Text(bindings.fill((String) operand)));
      case "expectPong" ->
          assertThat(next(client)).isEqualTo(new WireClient.Pong((String) operand));
      case "expectClose" ->
          assertThat(next(client))
              .isInstanceOfSatisfying(
                  WireClient.Closed.class, closed -> assertThat(closed.code()).isEqualTo(operand));
      case "expectSilence" ->
          assertThat(next(client, Duration.ofMillis((Integer) operand))).isNull();
      default -> throw new IllegalArgumentException("unknown verb '" + verb + "'");
    }
  }

  /** Takes as many frames as there are patterns; each must fit one of them that is left. */
  private void expectAll(WireClient client, List<?> patterns) {
    List<Object> left = new ArrayList<>(patterns);
    while (!left.isEmpty()) {
      WireClient.Event event = next(client);
      assertThat(event).as("a frame like %s", left).isInstanceOf(WireClient.Text.class);
      Object actual = parse(((WireClient.Text) event).text());
      List<String> differences = new ArrayList<>();
      for (Object pattern : left) {
        Bindings attempt = bindings.copy();
        Optional<String> difference = JsonPattern.difference(pattern, actual, attempt);
        if (difference.isEmpty()) {
          bindings.adopt(attempt);
          left.remove(pattern);
          differences.clear();
          break;
        }
        differences.add(difference.get());
      }
      assertThat(differences).as("frame %s", actual).isEmpty();
    }
  }

  private WireClient.Event next(WireClient client) {
    WireClient.Event event = next(client, DEADLINE);
    assertThat(event).as("something within %s", DEADLINE).isNotNull();
    return event;
  }

  private WireClient.Event next(WireClient client, Duration deadline) {
    WireClient.Event event = client.next(deadline);
    while (event instanceof WireClient.Text frame && isOfAnotherRun(frame.text())) {
      event = client.next(deadline);
    }
    return event;
  }

  /** Lobbies are shared by whoever plays at the time: their comings and goings are not ours. */
  private boolean isOfAnotherRun(String text) {
    if (!text.startsWith("{")) {
      return false;
    }
    JsonObject frame = new JsonObject(text);
    String verb = frame.getString("cmd", frame.getString("action"));
    return Set.of("enter", "exit").contains(String.valueOf(verb))
        && !frame.getJsonObject("response").getJsonObject("data").getString("from").contains(run);
  }

  private void playHttp(JsonObject step) {
    JsonObject request =
        new JsonObject(Json.encode(bindings.fill(plain(step.getJsonObject("http")))));
    Object expected = plain(step.getJsonObject("expectHttp"));
    long deadline = System.nanoTime() + (step.containsKey("eventually") ? DEADLINE.toNanos() : 0);
    Optional<String> difference;
    do {
      difference = JsonPattern.difference(expected, endpoint.exchange(request), bindings);
    } while (difference.isPresent() && System.nanoTime() < deadline);
    assertThat(difference).isEmpty();
  }

  private static Object parse(String text) {
    try {
      return plain(Json.decodeValue(text));
    } catch (RuntimeException e) {
      return text;
    }
  }

  @Override
  public void close() {
    clients.values().forEach(WireClient::close);
  }
}
