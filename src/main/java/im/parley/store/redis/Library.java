package im.parley.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The functions that every atomic step of the store is. Functions rather than scripts, for they are
 * part of the data: they come back after a restart and are there after a failover, so a pipeline
 * never finds one missing in its midst, and two versions of them live side by side.
 */
final class Library {
  private static final List<String> PARTS =
      List.of("common.lua", "messages.lua", "conversations.lua", "rooms.lua");
  private static final String TEXT =
      PARTS.stream().map(Library::part).collect(Collectors.joining());

  /** Of the library, and before the name of each function: another text, another name. */
  static final String NAME = "parley_" + fingerprint(TEXT);

  private static final String SOURCE = TEXT.replace("LIBRARY", NAME);

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
        .send(Request.cmd(Command.FUNCTION).arg("LIST").arg("LIBRARYNAME").arg(NAME))
        .map(libraries -> libraries.size() > 0);
  }

  private static String part(String name) {
    try (InputStream in = Library.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String fingerprint(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
