package im.parley.loadtest.verify.client;

import im.parley.loadtest.verify.history.Event.Place;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** A device's place in each of its conversations, moved by the rule of the protocol. */
final class Cursors {
  private final Map<String, Place> places = new HashMap<>();

  /** Null for a conversation never heard of. */
  Place get(String conversation) {
    return places.get(conversation);
  }

  /**
   * Takes a message that came in whatever way.
   *
   * @return false if something before it is missing
   */
  boolean take(String conversation, String epoch, long offset) {
    Place place = places.get(conversation);
    if (place == null || !place.epoch().equals(epoch)) {
      place = new Place(epoch, 0);
      places.put(conversation, place);
    }
    if (offset == place.offset() + 1) {
      places.put(conversation, new Place(epoch, offset));
    }
    return offset <= place.offset() + 1;
  }

  /** The log is another one, or begins anew. */
  void reset(String conversation, String epoch) {
    places.put(conversation, new Place(epoch, 0));
  }

  /** Everything up to {@code offset} is trimmed. */
  void skip(String conversation, String epoch, long offset) {
    Place place = places.get(conversation);
    if (place == null || !place.epoch().equals(epoch) || place.offset() < offset) {
      places.put(conversation, new Place(epoch, offset));
    }
  }

  /** As the protocol's {@code cursors}. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    places.forEach(
        (conversation, place) ->
            json.put(
                conversation,
                new JsonObject().put("epoch", place.epoch()).put("offset", place.offset())));
    return json;
  }
}
