package im.parley.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A player that cannot fail proves nothing: here it meets a small server that answers both as
 * expected and not.
 */
class VectorPlayerTest {
  private final Vertx vertx = Vertx.vertx();
  private VectorEndpoint endpoint;

  @BeforeEach
  void listen() {
    HttpServer server =
        vertx
            .createHttpServer()
            .webSocketHandler(VectorPlayerTest::echo)
            .requestHandler(VectorPlayerTest::answer);
    int port = server.listen(0, "127.0.0.1").await().actualPort();
    endpoint = new VectorEndpoint("127.0.0.1", port, port);
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** Echoes text; "bye" is answered with a close. */
  private static void echo(ServerWebSocket socket) {
    socket.textMessageHandler(
        text -> {
          if (text.equals("bye")) {
            socket.close((short) 4500, "told so");
          } else {
            socket.writeTextMessage(text);
          }
        });
  }

  private static void answer(HttpServerRequest request) {
    request.response().putHeader("X-Path", request.uri()).end("{\"code\":200}");
  }

  @Test
  void a_vector_that_fits_is_played_to_its_end() {
    play(
        """
        [{"on":"a","send":{"u":"u-${run}"}}, {"on":"a","expect":{"u":{"$bind":"user"}}},
         {"on":"b","sendText":"${user}"}, {"on":"b","expectText":"u-r001"},
         {"on":"a","sendText":"[1]"}, {"on":"a","sendText":"[2]"}, {"on":"a","expectAll":[[2],[1]]},
         {"on":"a","ping":"p"}, {"on":"a","expectPong":"p"},
         {"on":"a","expectSilence":1},
         {"http":{"path":"/x","query":{"q":"a b"}},
          "expectHttp":{"$ignoreExtra":true,"status":200,"json":{"code":200},
            "headers":{"$ignoreExtra":true,"x-path":"/x?q=a+b"}}},
         {"on":"a","sendText":"bye"}, {"on":"a","expectClose":4500},
         {"on":"b","close":1000}, {"on":"b","expectClose":1000}]
        """);
  }

  @Test
  void another_value_fails_and_names_the_step() {
    fails(
        "[{'on':'a','send':{'n':1}},{'on':'a','expect':{'n':2}}]",
        "step 2",
        "$.n: expected 2 but was 1");
  }

  @Test
  void another_frame_in_between_fails() {
    fails(
        "[{'on':'a','sendText':'[1]'},{'on':'a','sendText':'[2]'},{'on':'a','expect':[2]}]",
        "step 3",
        "expected 2 but was 1");
  }

  @Test
  void another_text_close_code_status_and_a_broken_silence_fail() {
    fails("[{'on':'a','sendText':'x'},{'on':'a','expectText':'y'}]", "step 2");
    fails("[{'on':'a','sendText':'bye'},{'on':'a','expectClose':4000}]", "step 2");
    fails("[{'on':'a','sendText':'bye'},{'on':'a','expect':{}}]", "step 2");
    fails(
        "[{'http':{'path':'/'},'expectHttp':{'$ignoreExtra':true,'status':404}}]", "step 1", "404");
    fails("[{'on':'a','sendText':'x'},{'on':'a','expectSilence':10000}]", "step 2");
  }

  @Test
  void comings_and_goings_of_other_runs_are_skipped_and_ones_own_are_not() {
    String enter = "{'cmd':'enter','response':{'data':{'from':'%s'}}}";
    play(
        ("[{'on':'a','send':"
                + enter.formatted("stranger")
                + "},{'on':'a','sendText':'x'},{'on':'a','expectText':'x'}]")
            .replace('\'', '"'));
    fails(
        "[{'on':'a','send':"
            + enter.formatted("me-${run}")
            + "},{'on':'a','sendText':'x'},{'on':'a','expectText':'x'}]",
        "step 3");
  }

  @Test
  void an_unknown_verb_is_a_fault_of_the_vector() {
    fails("[{'on':'a','shout':1}]", "unknown verb 'shout'");
  }

  private void fails(String steps, String... words) {
    assertThatThrownBy(() -> play(steps.replace('\'', '"')))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(words);
  }

  private void play(String steps) {
    List<JsonObject> list = new JsonArray(steps).stream().map(JsonObject.class::cast).toList();
    try (VectorPlayer player = new VectorPlayer(endpoint, "r001")) {
      player.play(new Vector("inline", "", Map.of(), list));
    }
  }
}
