package im.parley.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,127.0.0.1,true",
    "127.0.0.1,127.0.0.2,false",
    "10.0.0.0/8,10.255.255.255,true",
    "10.0.0.0/8,11.0.0.0,false",
    "10.1.16.0/20,10.1.31.255,true",
    "10.1.16.0/20,10.1.32.0,false",
    "10.1.16.4/31,10.1.16.5,true",
    "10.1.16.4/31,10.1.16.6,false",
    "0.0.0.0/0,203.0.113.9,true",
    "0.0.0.0/0,::1,false",
    "fd00::/9,fd7f::1,true",
    "fd00::/9,fd80::1,false",
    "::1,::1,true",
    "::1,127.0.0.1,false"
  })
  void a_block_has_the_addresses_that_share_its_bits(String block, String address, boolean inside) {
    assertThat(
            AddressBlock.parse(block)
                .contains(NetUtil.createInetAddressFromIpAddressString(address)))
        .isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0",
        "fd00::/129",
        "/8"
      })
  void what_is_no_block_is_refused(String text) {
    Map<String, String> settings = Map.of("server.trusted-proxies", "127.0.0.1, " + text);
    assertThatThrownBy(() -> Config.of(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("server.trusted-proxies")
        .hasMessageContaining(text)
        .hasMessageContaining("10.0.0.0/8");
  }

  @Test
  void a_drain_takes_the_grace_or_as_long_as_the_rate_needs() {
    Config config = Config.of(Map.of("drain.grace", "10s", "drain.rate", "200"));
    assertThat(config.server().drain().spread(0)).hasSeconds(10);
    assertThat(config.server().drain().spread(2_000)).hasSeconds(10);
    assertThat(config.server().drain().spread(2_002)).hasMillis(10_010);
    assertThat(config.server().drain().spread(10_000_000)).hasSeconds(50_000);
  }
}
