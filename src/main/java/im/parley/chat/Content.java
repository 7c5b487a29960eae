package im.parley.chat;

/**
 * What is said.
 *
 * @param cid the sender's own id, unique per (sender, conversation)
 * @param type text, img, voice, video, file or custom
 * @param body the rest as the text of one JSON object
 */
public record Content(String cid, String type, String body) {}
