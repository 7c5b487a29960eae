package im.parley.config;

/**
 * Sizes of what is said.
 *
 * @param maxBodyBytes of one message's content as JSON
 * @param pageLimit messages in one page of history, and conversations in one list
 * @param syncLimit messages in one sync reply
 * @param maxRoomMembers members of one room
 * @param maxRoomsPerUser rooms of one user
 * @param lobbyAnnounceLimit lobby size above which enter and exit are no longer announced
 */
public record ChatConfig(
    int maxBodyBytes,
    int pageLimit,
    int syncLimit,
    int maxRoomMembers,
    int maxRoomsPerUser,
    int lobbyAnnounceLimit) {

  public ChatConfig {
    Rules.between("chat.max-body-bytes", maxBodyBytes, 1, 16 << 20);
    Rules.between("chat.page-limit", pageLimit, 1, 10_000);
    Rules.between("chat.sync-limit", syncLimit, 1, 100_000);
    Rules.between("chat.max-room-members", maxRoomMembers, 1, 1_000_000);
    Rules.between("chat.max-rooms-per-user", maxRoomsPerUser, 1, 100_000);
    Rules.between("chat.lobby-announce-limit", lobbyAnnounceLimit, 0, 1_000_000);
  }

  static ChatConfig from(Reading reading) {
    return new ChatConfig(
        reading.number("chat.max-body-bytes"),
        reading.number("chat.page-limit"),
        reading.number("chat.sync-limit"),
        reading.number("chat.max-room-members"),
        reading.number("chat.max-rooms-per-user"),
        reading.number("chat.lobby-announce-limit"));
  }
}
