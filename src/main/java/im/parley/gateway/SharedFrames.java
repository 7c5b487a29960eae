package im.parley.gateway;

import im.parley.protocol.Push;
import im.parley.protocol.Request.Verb;
import io.netty.buffer.ByteBuf;

/**
 * The frames of the push that is being delivered, encoded once for all connections of this event
 * loop. Keeps those of the last push until the next one. Event loop only.
 */
final class SharedFrames {
  private final WebSocketLoop loop;
  private final ByteBuf[] frames = new ByteBuf[4]; // by dialect and compression
  private Push push;

  SharedFrames(WebSocketLoop loop) {
    this.loop = loop;
  }

  /** A frame of {@code push} that the caller owns. */
  ByteBuf frame(Push push, Verb verb, boolean compressed) {
    if (this.push != push) {
      release();
      this.push = push;
    }
    int index = (verb == Verb.CMD ? 0 : 1) + (compressed ? 2 : 0);
    ByteBuf frame = frames[index];
    if (frame == null) {
      byte[] text = push.text(verb);
      frame = compressed ? loop.encodeDeflated(text) : loop.encodeText(text);
      frames[index] = frame;
    }
    return frame.retainedDuplicate();
  }

  void release() {
    push = null;
    for (int i = 0; i < frames.length; i++) {
      if (frames[i] != null) {
        frames[i].release();
        frames[i] = null;
      }
    }
  }
}
