package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.config.Config;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1 | 203.0.113.9                       | 203.0.113.9",
        "10.0.0.1 | 203.0.113.9:4711                  | 203.0.113.9:4711",
        "10.0.0.1 | 1.2.3.4, 203.0.113.9              | 203.0.113.9",
        "10.0.0.1 | 1.2.3.4,203.0.113.9 , 10.9.9.9    | 203.0.113.9",
        "10.0.0.1 | 10.0.0.7, 10.0.0.8                | 10.0.0.7",
        "10.0.0.1 | lie, 203.0.113.9                  | 203.0.113.9",
        "10.0.0.1 | 203.0.113.9, unknown              | -",
        "10.0.0.1 | 203.0.113.9, unknown, 10.0.0.8    | 10.0.0.8",
        "10.0.0.1 | 2001:db8::7                       | 2001:db8::7",
        "10.0.0.1 | [2001:db8::7]                     | 2001:db8::7",
        "10.0.0.1 | [2001:db8::7]:4711                | 2001:db8::7:4711",
        "10.0.0.1 | ,,                                | -",
        "11.0.0.1 | 203.0.113.9                       | -",
        "::1      | 203.0.113.9                       | -"
      })
  void the_client_is_the_last_that_is_no_trusted_proxy(String peer, String header, String client) {
    assertThat(client(peer, List.of(header))).isEqualTo(client);
  }

  @Test
  void a_header_given_twice_is_one_list() {
    assertThat(client("10.0.0.1", List.of("1.2.3.4", "203.0.113.9, 10.0.0.8")))
        .isEqualTo("203.0.113.9");
  }

  @Test
  void a_proxy_that_names_nobody_speaks_for_itself() {
    assertThat(client("10.0.0.1", List.of())).isEqualTo("-");
  }

  private static String client(String peer, List<String> headers) {
    InetSocketAddress client =
        Forwarded.client(
            NetUtil.createInetAddressFromIpAddressString(peer),
            headers,
            Config.of(Map.of("server.trusted-proxies", "10.0.0.0/8")).server().trustedProxies());
    if (client == null) {
      return "-";
    }
    String address = NetUtil.toAddressString(client.getAddress());
    return client.getPort() == 0 ? address : address + ':' + client.getPort();
  }
}
