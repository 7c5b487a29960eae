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
    int maxBodyBytes, int pageLimit, int syncLimit, int maxRoomMembers, int maxRoomsPerUser, int lobbyAnnounceLimit) {}
