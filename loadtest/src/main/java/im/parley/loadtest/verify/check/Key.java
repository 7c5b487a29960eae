package im.parley.loadtest.verify.check;

import im.parley.loadtest.verify.history.Event;
import im.parley.loadtest.verify.history.Stored;

/** What makes two sends one. */
record Key(String sender, String conversation, String cid) {
  static Key of(Event.Sent sent) {
    return new Key(Event.user(sent.device()), sent.conversation(), sent.cid());
  }

  static Key of(Event.Acked acked) {
    return new Key(Event.user(acked.device()), acked.conversation(), acked.cid());
  }

  static Key of(Event.Refused refused) {
    return new Key(Event.user(refused.device()), refused.conversation(), refused.cid());
  }

  static Key of(String conversation, Stored stored) {
    return new Key(stored.from(), conversation, stored.cid());
  }
}
