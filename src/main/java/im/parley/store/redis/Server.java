package im.parley.store.redis;

import im.parley.store.Store.StoreHealth;
import im.parley.store.redis.Handshake.Opened;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The links to one primary: some that write, one that reads. A conversation is always written over
 * the same one. Store loop only, but for its health.
 */
final class Server {
  private final List<Link> writers = new ArrayList<>();
  private final Link reader;

  Server(Link.Setting setting, Address address, String probeKey) {
    for (int i = 0; i < setting.config().connections(); i++) {
      writers.add(Link.writer(setting, address, probeKey));
    }
    reader = Link.reader(setting, address, probeKey);
  }

  /** Begins to connect; the outcome of the first attempt. */
  Future<Opened> start() {
    List<Future<Opened>> attempts = links().map(Link::start).toList();
    return Future.all(attempts).map(all -> attempts.get(0).result());
  }

  Link writer(int slot) {
    return writers.get(slot % writers.size());
  }

  Link reader() {
    return reader;
  }

  void tick(long now) {
    links().forEach(link -> link.tick(now));
  }

  void close() {
    links().forEach(Link::close);
  }

  /** How it is. Any thread. */
  StoreHealth health() {
    String trouble =
        links().map(Link::trouble).filter(text -> !text.isEmpty()).findFirst().orElse("");
    boolean writable = writers.stream().allMatch(link -> link.trouble().isEmpty());
    return new StoreHealth(reader.isOpen(), writable, trouble);
  }

  private Stream<Link> links() {
    return Stream.concat(writers.stream(), Stream.of(reader));
  }
}
