package im.parley.loadtest.verify.history;

import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Closed;
import im.parley.loadtest.verify.history.Event.Complete;
import im.parley.loadtest.verify.history.Event.Connected;
import im.parley.loadtest.verify.history.Event.FaultBegan;
import im.parley.loadtest.verify.history.Event.FaultEnded;
import im.parley.loadtest.verify.history.Event.LoggedIn;
import im.parley.loadtest.verify.history.Event.Place;
import im.parley.loadtest.verify.history.Event.Plan;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Read;
import im.parley.loadtest.verify.history.Event.Refused;
import im.parley.loadtest.verify.history.Event.Sent;
import im.parley.loadtest.verify.history.Event.Synced;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How events are written down: one JSON object each, with {@code e} for what it is. */
final class Lines {
  private Lines() {}

  static String write(long nanos, long millis, Event event) {
    JsonObject json = new JsonObject().put("n", nanos).put("t", millis);
    if (event instanceof Plan plan) {
      JsonObject members = new JsonObject();
      plan.members().forEach((conversation, users) -> members.put(conversation, array(users)));
      json.put("e", "plan").put("members", members).put("devices", array(plan.devices()));
      json.put("targets", array(plan.targets()));
      json.put("epochsMayChange", plan.epochsMayChange());
    } else if (event instanceof Connected it) {
      of(json, "connect", it.device(), it.session()).put("target", it.target());
    } else if (event instanceof LoggedIn it) {
      of(json, "login", it.device(), it.session()).put("node", it.node());
    } else if (event instanceof Closed it) {
      of(json, "closed", it.device(), it.session()).put("code", it.code());
    } else if (event instanceof Sent it) {
      message(of(json, "send", it.device(), it.session()), it.conversation(), it.cid())
          .put("digest", it.digest());
    } else if (event instanceof Acked it) {
      message(of(json, "ack", it.device(), it.session()), it.conversation(), it.cid())
          .put("id", it.id())
          .put("epoch", it.epoch())
          .put("offset", it.offset())
          .put("duplicate", it.duplicate());
    } else if (event instanceof Refused it) {
      message(of(json, "refused", it.device(), it.session()), it.conversation(), it.cid())
          .put("code", it.code())
          .put("retryable", it.retryable());
    } else if (event instanceof Pushed it) {
      of(json, "push", it.device(), it.session())
          .put("conversation", it.conversation())
          .put("epoch", it.epoch())
          .mergeIn(it.message().json());
    } else if (event instanceof Synced it) {
      of(json, "sync", it.device(), it.session())
          .put("conversation", it.conversation())
          .put("cursor", it.cursor() == null ? null : place(it.cursor()))
          .put("epoch", it.epoch())
          .put("head", it.head())
          .put("gapTo", it.gapTo())
          .put("more", it.more())
          .put("messages", messages(it.messages()));
    } else if (event instanceof Complete it) {
      of(json, "complete", it.device(), it.session());
    } else if (event instanceof FaultBegan it) {
      json.put("e", "fault").put("fault", it.fault()).put("epochsMayChange", it.epochsMayChange());
    } else if (event instanceof FaultEnded it) {
      json.put("e", "healed").put("fault", it.fault());
    } else if (event instanceof Read it) {
      json.put("e", "log")
          .put("target", it.target())
          .put("conversation", it.conversation())
          .put("epoch", it.epoch())
          .put("first", it.first())
          .put("head", it.head())
          .put("more", it.more())
          .put("messages", messages(it.messages()));
    }
    return json.encode();
  }

  static Line read(int number, String text) {
    JsonObject json = new JsonObject(text);
    return new Line(number, json.getLong("n"), json.getLong("t"), event(json));
  }

  private static Event event(JsonObject json) {
    String device = json.getString("device");
    long session = json.getLong("session", 0L);
    String conversation = json.getString("conversation");
    String cid = json.getString("cid");
    String kind = json.getString("e");
    return switch (kind) {
      case "plan" -> plan(json);
      case "connect" -> new Connected(device, session, json.getString("target"));
      case "login" -> new LoggedIn(device, session, json.getString("node"));
      case "closed" -> new Closed(device, session, json.getInteger("code"));
      case "send" -> new Sent(device, session, conversation, cid, json.getString("digest"));
      case "ack" ->
          new Acked(
              device,
              session,
              conversation,
              cid,
              json.getString("id"),
              json.getString("epoch"),
              json.getLong("offset"),
              json.getBoolean("duplicate"));
      case "refused" ->
          new Refused(
              device,
              session,
              conversation,
              cid,
              json.getInteger("code"),
              json.getBoolean("retryable"));
      case "push" ->
          new Pushed(device, session, conversation, json.getString("epoch"), Stored.from(json));
      case "sync" ->
          new Synced(
              device,
              session,
              conversation,
              place(json.getJsonObject("cursor")),
              json.getString("epoch"),
              json.getLong("head"),
              json.getLong("gapTo"),
              json.getBoolean("more"),
              messages(json));
      case "complete" -> new Complete(device, session);
      case "fault" -> new FaultBegan(json.getString("fault"), json.getBoolean("epochsMayChange"));
      case "healed" -> new FaultEnded(json.getString("fault"));
      case "log" ->
          new Read(
              json.getString("target"),
              conversation,
              json.getString("epoch"),
              json.getLong("first"),
              json.getLong("head"),
              json.getBoolean("more"),
              messages(json));
      default -> throw new IllegalArgumentException("event " + kind + ": unknown");
    };
  }

  private static Plan plan(JsonObject json) {
    Map<String, List<String>> members = new LinkedHashMap<>();
    JsonObject all = json.getJsonObject("members");
    for (String conversation : all.fieldNames()) {
      members.put(conversation, texts(all.getJsonArray(conversation)));
    }
    return new Plan(
        members,
        texts(json.getJsonArray("devices")),
        texts(json.getJsonArray("targets")),
        json.getBoolean("epochsMayChange"));
  }

  private static JsonObject of(JsonObject json, String kind, String device, long session) {
    return json.put("e", kind).put("device", device).put("session", session);
  }

  private static JsonObject message(JsonObject json, String conversation, String cid) {
    return json.put("conversation", conversation).put("cid", cid);
  }

  private static JsonObject place(Place place) {
    return new JsonObject().put("epoch", place.epoch()).put("offset", place.offset());
  }

  private static Place place(JsonObject json) {
    return json == null ? null : new Place(json.getString("epoch"), json.getLong("offset"));
  }

  private static JsonArray array(List<String> texts) {
    return new JsonArray(texts);
  }

  private static List<String> texts(JsonArray array) {
    return array.stream().map(String.class::cast).toList();
  }

  private static JsonArray messages(List<Stored> messages) {
    JsonArray array = new JsonArray();
    messages.forEach(message -> array.add(message.json()));
    return array;
  }

  private static List<Stored> messages(JsonObject json) {
    return json.getJsonArray("messages").stream()
        .map(JsonObject.class::cast)
        .map(Stored::from)
        .toList();
  }
}
