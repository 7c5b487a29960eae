package im.parley.store.redis;

import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/**
 * One command on its way to Redis. Store loop only.
 *
 * @param command makes the command when it is sent
 * @param answer Redis' answer; fails with a {@link im.parley.protocol.Refusal}
 */
record Call(Maker command, Promise<Response> answer) {

  /** Makes a command. */
  interface Maker {
    /** {@code reign} is what the connection takes for the server's present one. */
    Request make(String reign);
  }

  /** A call with an answer of no context: its handlers run at once, in the order of answers. */
  static Call of(Maker command) {
    return new Call(command, Promise.promise());
  }

  /** The call of a function that changes something; arguments are to be added. */
  static Request write(String function, String... keys) {
    return call(Command.FCALL, function, keys);
  }

  /** The call of a function that changes nothing; arguments are to be added. */
  static Request read(String function, String... keys) {
    return call(Command.FCALL_RO, function, keys);
  }

  private static Request call(Command command, String function, String... keys) {
    Request request = Request.cmd(command).arg(Library.NAME + '_' + function).arg(keys.length);
    for (String key : keys) {
      request.arg(key);
    }
    return request;
  }
}
