package im.parley.store;

import java.util.List;

/**
 * A part of a user's conversations.
 *
 * @param conversations ordered by conversation id
 * @param more whether further ones follow; read on after the last one's id
 */
public record ConversationPage(List<ConversationState> conversations, boolean more) {}
