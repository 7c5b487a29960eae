package im.parley.session;

import io.vertx.core.json.JsonObject;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A question to gateways, of this node or another: what it is called on the way, what answers it,
 * and how an answer travels. Made by {@link Router#query}.
 *
 * @param name the same on all nodes; a question of an unknown name is refused
 * @param answer answers on the gateway's event loop; its parameters are not to be changed
 * @param write an answer as a JSON value, when it travels
 * @param read the reverse; objects and arrays come as JsonObject and JsonArray
 */
public record Query<A>(
    String name,
    BiFunction<Gateway, JsonObject, A> answer,
    Function<A, Object> write,
    Function<Object, A> read) {}
