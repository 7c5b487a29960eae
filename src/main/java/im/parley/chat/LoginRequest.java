package im.parley.chat;

import java.util.Map;

/**
 * What a client says to log in.
 *
 * @param user the user it claims to be; null lets the token say
 * @param platform what it runs on: a name or prim's app number
 * @param device the client's name of the device, may be empty
 * @param token null for none
 * @param isNative whether it speaks Parley's protocol rather than prim's
 * @param cursors what it has; null when it will sync by itself
 */
public record LoginRequest(
    String user,
    String platform,
    String device,
    String token,
    boolean isNative,
    Map<String, Cursor> cursors) {}
