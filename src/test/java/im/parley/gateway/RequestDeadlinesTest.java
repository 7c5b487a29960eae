package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestDeadlinesTest {
  private final RequestDeadlines deadlines = new RequestDeadlines();
  private final List<HttpConnection> cut = new ArrayList<>();
  private final Map<HttpConnection, Handler<Void>> closeHandlers = new HashMap<>();

  @Test
  void one_that_trickles_is_cut_at_its_deadline() {
    HttpConnection slow = connection();
    HttpConnection later = connection();
    deadlines.opened(slow, 1);
    deadlines.opened(later, 2);

    deadlines.sweep(RequestDeadlines.SECONDS);
    assertThat(cut).isEmpty();
    deadlines.sweep(1 + RequestDeadlines.SECONDS);
    assertThat(cut).containsExactly(slow);
    deadlines.sweep(2 + RequestDeadlines.SECONDS);
    assertThat(cut).containsExactly(slow, later);
  }

  @Test
  void a_request_gives_new_time() {
    HttpConnection busy = connection();
    HttpConnection idle = connection();
    deadlines.opened(busy, 1);
    deadlines.opened(idle, 1);
    deadlines.requested(busy, 30);

    deadlines.sweep(29 + RequestDeadlines.SECONDS);
    assertThat(cut).containsExactly(idle);
    deadlines.sweep(30 + RequestDeadlines.SECONDS);
    assertThat(cut).containsExactly(idle, busy);
  }

  @Test
  void those_that_upgrade_or_go_are_forgotten() {
    HttpConnection upgraded = connection();
    HttpConnection gone = connection();
    deadlines.opened(upgraded, 1);
    deadlines.opened(gone, 1);
    deadlines.upgraded(upgraded);
    closeHandlers.get(gone).handle(null);

    assertThat(deadlines.size()).isZero();
    deadlines.requested(upgraded, 2);
    deadlines.sweep(1000);
    assertThat(cut).isEmpty();
  }

  /** A connection that notes its close and its close handler. */
  @SuppressWarnings("unchecked")
  private HttpConnection connection() {
    return (HttpConnection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpConnection.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "close" -> {
                    cut.add((HttpConnection) proxy);
                    yield null;
                  }
                  case "closeHandler" -> {
                    closeHandlers.put((HttpConnection) proxy, (Handler<Void>) arguments[0]);
                    yield proxy;
                  }
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
