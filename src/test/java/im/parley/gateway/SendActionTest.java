package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendActionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "to",
        "id",
        "cid",
        "type",
        "from",
        "time",
        "epoch",
        "offset",
        "platform",
        "conversation"
      })
  void whatAddressesTheMessageOrIsTheServersIsNoContentWhateverItsCase(String name) {
    assertThat(SendAction.isContent(name)).isFalse();
    assertThat(SendAction.isContent(name.toUpperCase(Locale.ROOT))).isFalse();
    assertThat(
            SendAction.isContent(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1)))
        .isFalse();
    assertThat(SendAction.isContent(name + "s")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "msg", "url", "text", "title", "width", "height", "duration"})
  void anyOtherFieldIsContent(String name) {
    assertThat(SendAction.isContent(name)).isTrue();
  }
}
