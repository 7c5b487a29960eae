package im.parley.store.redis;

import im.parley.store.StoreUnusable;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The functions that every atomic step of the store is. Functions rather than scripts, for they are
 * part of the data: they come back after a restart and are there after a failover, so a pipeline
 * never finds one missing in its midst, and two versions of them live side by side.
 */
final class Library {
  static final String NAME = "parley_v2";
  private static final List<String> PARTS =
      List.of("common.lua", "messages.lua", "conversations.lua", "rooms.lua");
  private static final String SOURCE =
      PARTS.stream().map(Library::part).collect(Collectors.joining());

  private Library() {}

  /** Makes sure that the server has the functions; any connection. */
  static Future<Void> install(RedisConnection connection) {
    return find(connection)
        .compose(
            there ->
                there
                    ? Future.succeededFuture()
                    : connection
                        .send(Request.cmd(Command.FUNCTION).arg("LOAD").arg(SOURCE))
                        .<Void>mapEmpty()
                        // Another node was faster.
                        .recover(failure -> find(connection).compose(now -> loaded(now, failure))));
  }

  private static Future<Void> loaded(boolean there, Throwable failure) {
    return there ? Future.succeededFuture() : Future.failedFuture(failure);
  }

  private static Future<Boolean> find(RedisConnection connection) {
    return connection
        .send(
            Request.cmd(Command.FUNCTION).arg("LIST").arg("LIBRARYNAME").arg(NAME).arg("WITHCODE"))
        .map(
            libraries -> {
              if (libraries.size() == 0) {
                return false;
              }
              requireOurs(libraries.get(0));
              return true;
            });
  }

  private static void requireOurs(Response library) {
    for (int i = 0; i + 1 < library.size(); i += 2) {
      if (library.get(i).toString().equals("library_code")
          && !library.get(i + 1).toString(StandardCharsets.UTF_8).equals(SOURCE)) {
        throw new StoreUnusable(
            "redis has another %s than this Parley: delete it (FUNCTION DELETE %s) once no other Parley runs"
                .formatted(NAME, NAME),
            null);
      }
    }
  }

  private static String part(String name) {
    try (InputStream in = Library.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
