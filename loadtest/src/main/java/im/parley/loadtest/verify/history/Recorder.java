package im.parley.loadtest.verify.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a history, compressed. An event gets its time and its place at once, so that the order of
 * the lines is the order of what happened. Any thread.
 */
public final class Recorder implements AutoCloseable {
  private final Path file;
  private final Writer out;
  // Guarded by this
  private long sessions;
  private long acks;

  private Recorder(Path file, Writer out) {
    this.file = file;
    this.out = out;
  }

  /** Begins a new {@code file}, in place of an older one. */
  public static Recorder to(Path file) throws IOException {
    return new Recorder(
        file,
        new BufferedWriter(
            new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)));
  }

  /** Writes an event that happens now. */
  public synchronized void record(Event event) {
    if (event instanceof Event.Acked) {
      acks++;
    }
    try {
      out.write(Lines.write(System.nanoTime(), System.currentTimeMillis(), event));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("history " + file + " cannot be written", e);
    }
  }

  /** A number for a new connection. */
  public synchronized long nextSession() {
    return ++sessions;
  }

  /** Acknowledgements so far. */
  public synchronized long acks() {
    return acks;
  }

  public Path file() {
    return file;
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
