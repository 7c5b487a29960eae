package im.parley.testing;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where the server that vectors are played against listens.
 *
 * @param host of both ports
 * @param wsPort called {@code ws} in vectors
 * @param httpPort called {@code http} in vectors
 */
public record VectorEndpoint(String host, int wsPort, int httpPort) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** The address of {@code /acc} on {@code port}. */
  URI webSocket(String port) {
    return URI.create("ws://%s:%d/acc".formatted(host, number(port)));
  }

  /**
   * Carries out the {@code http} part of a step.
   *
   * @return {@code status}, {@code headers} (names in lower case, first value each), {@code text},
   *     and {@code json} when the body is
   */
  Map<String, Object> exchange(JsonObject request) {
    String path = request.getString("path") + encode("?", request.getJsonObject("query"));
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(
                URI.create(
                    "http://%s:%d%s"
                        .formatted(host, number(request.getString("port", "http")), path)))
            .timeout(DEADLINE);
    if (request.containsKey("form")) {
      builder
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(HttpRequest.BodyPublishers.ofString(encode("", request.getJsonObject("form"))));
    } else {
      builder.method(request.getString("method", "GET"), HttpRequest.BodyPublishers.noBody());
    }
    try {
      return answer(HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new IllegalStateException("no answer to " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + path, e);
    }
  }

  private static Map<String, Object> answer(HttpResponse<String> response) {
    Map<String, Object> answer = new HashMap<>();
    answer.put("status", response.statusCode());
    answer.put(
        "headers",
        response.headers().map().entrySet().stream()
            .collect(Collectors.toMap(e -> e.getKey().toLowerCase(), e -> e.getValue().get(0))));
    answer.put("text", response.body());
    try {
      answer.put("json", plain(Json.decodeValue(response.body())));
    } catch (DecodeException e) {
      answer.remove("json");
    }
    return answer;
  }

  /** {@code json} as maps, lists and scalars all the way down. */
  static Object plain(Object json) {
    if (json instanceof JsonObject object) {
      return object.getMap();
    }
    return json instanceof JsonArray array ? array.getList() : json;
  }

  private int number(String port) {
    return switch (port) {
      case "ws" -> wsPort;
      case "http" -> httpPort;
      default ->
          throw new IllegalArgumentException("unknown port '" + port + "', expected ws or http");
    };
  }

  private static String encode(String prefix, JsonObject parameters) {
    return parameters == null
        ? ""
        : parameters.stream()
            .map(
                e ->
                    e.getKey()
                        + "="
                        + URLEncoder.encode(e.getValue().toString(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&", prefix, ""));
  }
}
