package im.parley.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.function.Function;

/**
 * A file with keys, read again only when it has changed. {@link CachedKeys} owns it and has one
 * read at a time.
 */
final class KeyFile {
  private record Stamp(FileTime modified, long size, Object inode) {}

  private final Path path;
  private final Function<String, KeySet> format;

  /** Reads follow each other, on changing threads. */
  private volatile Stamp stamp;

  private volatile LoadedKeys last;

  KeyFile(Path path, Function<String, KeySet> format) {
    this.path = path;
    this.format = format;
  }

  /**
   * What the file holds now. Blocks; {@link IllegalArgumentException} says what is wrong with it.
   */
  LoadedKeys read() {
    try {
      // Stamped before it is read: a change in between is then seen the next time.
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      Stamp now = new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
      if (!now.equals(stamp)) {
        last = new LoadedKeys(format.apply(text()), LoadedKeys.UNSAID);
        stamp = now;
      }
      return last;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private String text() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(LoadedKeys.MAX_BYTES + 1);
      if (bytes.length > LoadedKeys.MAX_BYTES) {
        throw new IllegalArgumentException(
            "has over " + LoadedKeys.MAX_BYTES + " bytes, expected fewer");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
