package im.parley.store.sqlite;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One of the two files of the {@link Journal}: records one after the other, each at the beginning
 * of a block, all of one store and one generation, numbered from 0. What lies behind the last one
 * is of an older generation and is never taken for more, for each record names its own.
 *
 * <p>A record is {@link #HEADER_BYTES} of header (mark, store, generation, number, length, CRC-32C
 * of all that and the payload; big-endian) and its payload, filled up with zeros to whole blocks.
 */
final class JournalFile implements AutoCloseable {
  /** What a record begins with; no payload of UTF-8 and small numbers looks like it. */
  private static final long MARK = 0xFF00_504C_5900_FF0AL;

  private static final int CRC_AT = Long.BYTES * 3 + Integer.BYTES * 2;
  static final int HEADER_BYTES = CRC_AT + Integer.BYTES;

  /** The unit of direct writes, which every medium of today divides. */
  static final int BLOCK = 4_096;

  // Overwriting blocks that are there takes half of the time of lengthening the file.
  private static final int EXTENT = 1 << 20;

  private final FileChannel channel;
  private final long store;
  private ByteBuffer record = aligned(16 * BLOCK);
  private long size;

  private JournalFile(FileChannel channel, long store) throws IOException {
    this.channel = channel;
    this.store = store;
    this.size = channel.size() / BLOCK * BLOCK;
  }

  /** What a file holds of one generation: the payloads, and where the last record begins. */
  record Content(List<byte[]> payloads, long lastAt) {
    static final Content NONE = new Content(List.of(), 0);
  }

  /** Opens a file for writing, past the page cache where the file system can. */
  static JournalFile open(Path path, long store) throws IOException {
    try {
      return new JournalFile(channel(path, ExtendedOpenOption.DIRECT), store);
    } catch (UnsupportedOperationException | IOException e) {
      return new JournalFile(channel(path), store);
    }
  }

  private static FileChannel channel(Path path, OpenOption... more) throws IOException {
    List<OpenOption> options = new ArrayList<>(List.of(more));
    options.add(StandardOpenOption.CREATE);
    options.add(StandardOpenOption.WRITE);
    options.add(StandardOpenOption.DSYNC);
    FileChannel channel = FileChannel.open(path, options.toArray(OpenOption[]::new));
    try {
      if (channel.size() == 0) {
        channel.write(aligned(BLOCK), 0); // some file systems refuse direct writes only here
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Writes a record, which is on the medium on return.
   *
   * @return where the next one goes
   */
  long write(long at, long generation, int number, byte[] payload, int length) throws IOException {
    int bytes = (HEADER_BYTES + length + BLOCK - 1) / BLOCK * BLOCK;
    if (record.capacity() < bytes) {
      record = aligned(Integer.highestOneBit(bytes) * 2);
    }
    record.clear().limit(bytes);
    record.putLong(MARK).putLong(store).putLong(generation).putInt(number).putInt(length);
    record.putInt(crc(record.slice(0, CRC_AT), payload, length)).put(payload, 0, length);
    while (record.hasRemaining()) {
      record.put((byte) 0);
    }
    extend(at + bytes);
    writeFully(record.flip(), at);
    return at + bytes;
  }

  private void extend(long end) throws IOException {
    if (end > size) {
      writeFully(aligned(EXTENT), size);
      size += EXTENT;
      extend(end);
    }
  }

  private void writeFully(ByteBuffer from, long at) throws IOException {
    long position = at;
    while (from.hasRemaining()) {
      position += channel.write(from, position);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /**
   * Reads what is there of one generation of one store.
   *
   * @param strict whether a record that cannot be read is damage when a later one can; not while
   *     somebody writes
   */
  static Content read(Path path, long store, long generation, boolean strict) throws IOException {
    if (!Files.exists(path)) {
      return Content.NONE;
    }
    try (FileChannel channel = FileChannel.open(path)) {
      List<byte[]> payloads = new ArrayList<>();
      long at = 0;
      long lastAt = 0;
      Found found = find(channel, at);
      while (found != null && found.is(store, generation, payloads.size())) {
        payloads.add(found.payload);
        lastAt = at;
        at += found.bytes();
        found = find(channel, at);
      }
      if (strict) {
        requireNothingBehind(channel, at, store, generation, path);
      }
      return new Content(payloads, lastAt);
    }
  }

  /** Only the last record can have been cut off: each was on the medium before the next began. */
  private static void requireNothingBehind(
      FileChannel channel, long end, long store, long generation, Path path) throws IOException {
    for (long at = end + BLOCK; at < channel.size(); at += BLOCK) {
      Found later = find(channel, at);
      if (later != null && later.store == store && later.generation == generation) {
        throw new JournalDamaged("%s is damaged at byte %d".formatted(path, end));
      }
    }
  }

  /** The journal lacks what it once had. */
  static final class JournalDamaged extends IOException {
    private static final long serialVersionUID = 1;

    JournalDamaged(String message) {
      super(message);
    }
  }

  /** The store that a file's first record is of; 0 when it has none. */
  static long owner(Path path) throws IOException {
    if (!Files.exists(path)) {
      return 0;
    }
    try (FileChannel channel = FileChannel.open(path)) {
      Found first = find(channel, 0);
      return first == null ? 0 : first.store;
    }
  }

  /** A sound record. */
  private record Found(long store, long generation, int number, byte[] payload) {
    boolean is(long store, long generation, int number) {
      return this.store == store && this.generation == generation && this.number == number;
    }

    long bytes() {
      return (HEADER_BYTES + payload.length + BLOCK - 1L) / BLOCK * BLOCK;
    }
  }

  private static Found find(FileChannel channel, long at) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    if (!readFully(channel, header, at) || header.getLong(0) != MARK) {
      return null;
    }
    int length = header.getInt(CRC_AT - Integer.BYTES);
    if (length < 0 || at + HEADER_BYTES + length > channel.size()) {
      return null;
    }
    ByteBuffer payload = ByteBuffer.allocate(length);
    if (!readFully(channel, payload, at + HEADER_BYTES)
        || header.getInt(CRC_AT) != crc(header.slice(0, CRC_AT), payload.array(), length)) {
      return null;
    }
    return new Found(
        header.getLong(Long.BYTES),
        header.getLong(Long.BYTES * 2),
        header.getInt(Long.BYTES * 3),
        payload.array());
  }

  private static boolean readFully(FileChannel channel, ByteBuffer into, long at)
      throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, at + into.position()) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int crc(ByteBuffer header, byte[] payload, int length) {
    CRC32C crc = new CRC32C();
    crc.update(header);
    crc.update(payload, 0, length);
    return (int) crc.getValue();
  }

  private static ByteBuffer aligned(int bytes) {
    return ByteBuffer.allocateDirect(bytes + BLOCK).alignedSlice(BLOCK).limit(bytes);
  }
}
