package im.parley.loadtest.verify.history;

import java.util.List;
import java.util.Map;

/**
 * Something that happened in a run, as its own side saw it. {@link Lines} says how each is written
 * down. A <em>device</em> is named {@code user/n}; a <em>session</em> is the number of a connection
 * of this side, never used twice.
 */
public sealed interface Event {
  /**
   * Who there is; the first event of a run.
   *
   * @param members of each conversation, users
   * @param devices all of them
   * @param targets every node
   * @param epochsMayChange at any time; otherwise only with a {@link FaultBegan} that says so
   */
  record Plan(
      Map<String, List<String>> members,
      List<String> devices,
      List<String> targets,
      boolean epochsMayChange)
      implements Event {}

  /** The upgrade was answered. */
  record Connected(String device, long session, String target) implements Event {}

  /** The login was answered by {@code node}. */
  record LoggedIn(String device, long session, String node) implements Event {}

  /** A connection ended; 1006 stands for no close frame. */
  record Closed(String device, long session, int code) implements Event {}

  /** A request to store a message was written, for the first time or again. */
  record Sent(String device, long session, String conversation, String cid, String digest)
      implements Event {}

  /** The server said that it is stored. */
  record Acked(
      String device,
      long session,
      String conversation,
      String cid,
      String id,
      String epoch,
      long offset,
      boolean duplicate)
      implements Event {}

  /** The server said no to a {@link Sent}. */
  record Refused(
      String device, long session, String conversation, String cid, int code, boolean retryable)
      implements Event {}

  /** A message came unasked. */
  record Pushed(String device, long session, String conversation, String epoch, Stored message)
      implements Event {}

  /**
   * A conversation in the reply to a sync.
   *
   * @param cursor that the request had, null if it had none
   * @param gapTo the last offset that was said to be trimmed, 0 without a gap
   */
  record Synced(
      String device,
      long session,
      String conversation,
      Place cursor,
      String epoch,
      long head,
      long gapTo,
      boolean more,
      List<Stored> messages)
      implements Event {}

  /** With everything healed and nobody sending, this device synced until there was no more. */
  record Complete(String device, long session) implements Event {}

  /** Something is done to the servers from here on. */
  record FaultBegan(String fault, boolean epochsMayChange) implements Event {}

  /** What was done has been undone, and the servers said that they are ready. */
  record FaultEnded(String fault) implements Event {}

  /** A page of a log, read back at the end through {@code target}. */
  record Read(
      String target,
      String conversation,
      String epoch,
      long first,
      long head,
      boolean more,
      List<Stored> messages)
      implements Event {}

  /** An epoch and an offset in it. */
  record Place(String epoch, long offset) {}

  /** The user of a device. */
  static String user(String device) {
    return device.substring(0, device.lastIndexOf('/'));
  }
}
