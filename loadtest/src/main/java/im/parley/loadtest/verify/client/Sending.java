package im.parley.loadtest.verify.client;

import im.parley.loadtest.verify.history.Event.Acked;
import im.parley.loadtest.verify.history.Event.Refused;
import im.parley.loadtest.verify.history.Event.Sent;
import io.vertx.core.json.JsonObject;

/**
 * What one device sends: each message until it is acknowledged or refused for good, over as many
 * connections as it takes. Event loop only.
 */
final class Sending {
  private final Net net;
  private final Device device;

  // Event loop only
  private final Outbox outbox = new Outbox();
  private Calls calls;
  private long session;

  Sending(Net net, Device device) {
    this.net = net;
    this.device = device;
  }

  /** False if too many wait already. */
  boolean offer(Letter letter) {
    boolean taken = outbox.offer(letter);
    flush();
    return taken;
  }

  /** Messages without an acknowledgement. */
  int unacknowledged() {
    return outbox.size();
  }

  /** The device is logged in. */
  void begin(Calls on, long number) {
    calls = on;
    session = number;
    flush();
  }

  /** The connection has ended: what it left unanswered is sent again on the next. */
  void end() {
    calls = null;
    outbox.takeBack();
  }

  private void flush() {
    Letter letter;
    while (calls != null && (letter = outbox.next(net.settings().window())) != null) {
      send(letter, calls);
    }
  }

  private void send(Letter letter, Calls on) {
    net.recorder()
        .record(
            new Sent(device.name(), session, letter.conversation(), letter.cid(), letter.digest()));
    on.call("send", letter.request())
        .onComplete(
            reply -> acknowledged(letter, reply),
            failure -> {
              if (failure instanceof ErrorReply error) {
                refused(letter, on, error);
              }
            });
  }

  private void acknowledged(Letter letter, JsonObject reply) {
    String conversation = reply.getString("conversation");
    String epoch = reply.getString("epoch");
    long offset = reply.getLong("offset");
    net.recorder()
        .record(
            new Acked(
                device.name(),
                session,
                conversation,
                letter.cid(),
                reply.getString("id"),
                epoch,
                offset,
                reply.getBoolean("duplicate")));
    outbox.done(letter);
    device.take(conversation, epoch, offset);
    flush();
  }

  private void refused(Letter letter, Calls on, ErrorReply error) {
    net.recorder()
        .record(
            new Refused(
                device.name(),
                session,
                letter.conversation(),
                letter.cid(),
                error.code(),
                error.isRetryable()));
    if (!error.isRetryable()) {
      outbox.done(letter);
      flush();
      return;
    }
    net.vertx()
        .setTimer(
            net.retryMillis(error),
            due -> {
              // Another connection has taken the letter back and sends it by itself.
              if (on == calls) {
                send(letter, on);
              }
            });
  }
}
