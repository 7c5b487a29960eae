package im.parley.protocol;

/**
 * One entry of a conversation's log, as it was stored.
 *
 * @param id sortable by time, unique over all conversations
 * @param conversation the log that holds it
 * @param epoch the log's epoch; offsets of different epochs do not compare
 * @param offset position in the log, from 1, without holes
 * @param from the sender's user id
 * @param platform the sender's platform, such as {@code web}
 * @param time when the node took it, milliseconds since 1970 UTC
 * @param cid the sender's own id of this message, unique per (sender, conversation)
 * @param type text, img, voice, video, file, custom or a type of the server's
 * @param body the remaining fields as the text of one JSON object, such as {@code {"msg":"hi"}}
 */
public record Message(
    String id,
    String conversation,
    String epoch,
    long offset,
    String from,
    String platform,
    long time,
    String cid,
    String type,
    String body)
    implements Json.Writable {

  /** Writes the wire form: the fields above, then those of the body beside them. */
  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject();
    json.field("id", id);
    json.field("conversation", conversation);
    json.field("epoch", epoch);
    json.field("offset", offset);
    json.field("from", from);
    json.field("platform", platform);
    json.field("time", time);
    json.field("cid", cid);
    json.field("type", type);
    json.fieldsOf(body);
    json.endObject();
  }
}
