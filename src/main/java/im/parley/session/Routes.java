package im.parley.session;

import im.parley.metrics.RouteReadings;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** What metrics show of routing between nodes, read from its parts. Any thread. */
record Routes(List<Gateway> gateways, PeerRouting peers) implements RouteReadings {
  @Override
  public long late() {
    return sum(Feed::late);
  }

  @Override
  public long filled() {
    return sum(Feed::filled);
  }

  @Override
  public long skipped() {
    return sum(Feed::skipped);
  }

  @Override
  public long stale() {
    return peers.stale();
  }

  @Override
  public long broadcast() {
    return peers.broadcast();
  }

  @Override
  public long lost() {
    return peers.lost();
  }

  private long sum(ToLongFunction<Feed> count) {
    return gateways.stream().map(Gateway::feed).filter(Objects::nonNull).mapToLong(count).sum();
  }
}
