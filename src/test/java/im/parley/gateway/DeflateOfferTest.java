package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateOfferTest {
  private static final String ANSWER =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private static String answer(String... headers) {
    return DeflateOffer.answer(List.of(headers));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "Permessage-Deflate",
        " permessage-deflate ;client_max_window_bits",
        "permessage-deflate; client_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=\"15\"; server_no_context_takeover; client_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate",
        "foo; a=\"b, permessage-deflate; x\", permessage-deflate",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate"
      })
  void anOfferThatCanBeKeptToIsAccepted(String offer) {
    assertThat(answer(offer)).isEqualTo(ANSWER);
  }

  @Test
  void anAskedServerWindowIsAnswered() {
    assertThat(answer("permessage-deflate; server_max_window_bits=15"))
        .isEqualTo(ANSWER + "; server_max_window_bits=15");
    assertThat(answer("permessage-deflate; server_max_window_bits=\"15\"; client_max_window_bits"))
        .isEqualTo(ANSWER + "; server_max_window_bits=15");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "permessage-bzip2",
        "permessage-deflate; server_max_window_bits=14",
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=015",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=08",
        "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=true",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
        "permessage-deflate; unknown",
        "permessage-deflate;",
        "foo; a=\"permessage-deflate, permessage-deflate"
      })
  void anOfferThatCannotBeKeptToIsDeclined(String offer) {
    assertThat(answer(offer)).isNull();
  }

  @Test
  void laterHeadersAreLookedAtToo() {
    assertThat(answer("foo", "permessage-deflate; x", "permessage-deflate")).isEqualTo(ANSWER);
    assertThat(answer()).isNull();
  }
}
