package im.parley.store.sqlite;

import im.parley.store.StoreUnusable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The store's directory, locked for this process from {@link #claim} to {@link #close}. */
final class DataDirectory implements AutoCloseable {
  static final String DATABASE = "parley.db";
  private static final String LOCK = "parley.lock";

  private final Path directory;
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(Path directory, FileChannel channel, FileLock lock) {
    this.directory = directory;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Makes the directory when it is missing and locks it; {@link StoreUnusable} when another process
   * has it.
   */
  static DataDirectory claim(Path directory) {
    Path file = directory.resolve(LOCK);
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        String owner = owner(channel);
        channel.close();
        throw new StoreUnusable(
            "data directory %s is in use by another Parley (process %s): stop it, or give this node its own store.data"
                .formatted(directory.toAbsolutePath(), owner),
            null);
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return new DataDirectory(directory, channel, lock);
    } catch (IOException e) {
      closeQuietly(channel);
      throw new StoreUnusable(
          "data directory %s cannot be written (%s): give it to the user that runs Parley, or set store.data to another one"
              .formatted(directory.toAbsolutePath(), e),
          e);
    }
  }

  /** The database inside. */
  Path database() {
    return directory.resolve(DATABASE);
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    return text.position() == 0
        ? "unknown"
        : new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
  }

  private static void closeQuietly(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException ignored) {
        // The failure that led here is the one to tell.
      }
    }
  }
}
