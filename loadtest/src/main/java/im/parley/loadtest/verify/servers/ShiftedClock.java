package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/**
 * The wall clock of one process, which can be made to jump while it runs: a small library that is
 * loaded before the C library adds seconds that stand in a file. Needs a C compiler.
 */
final class ShiftedClock {
  private static final String SOURCE = "shifted_clock.c";

  private final Path library;
  private final Path file;
  private final MappedByteBuffer shift;

  private ShiftedClock(Path library, Path file, MappedByteBuffer shift) {
    this.library = library;
    this.file = file;
    this.shift = shift;
  }

  /** Compiles the library into a directory, for any number of clocks. */
  static Path compile(Path directory) throws IOException, InterruptedException {
    Path source = directory.resolve(SOURCE);
    Path library = directory.resolve("shifted_clock.so");
    try (InputStream text = ShiftedClock.class.getResourceAsStream("/" + SOURCE)) {
      Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
    }
    try {
      Commands.run(
          "cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
    } catch (IOException e) {
      throw new IOException(
          "the fault clock needs a C compiler, cc: install gcc and libc6-dev ("
              + e.getMessage()
              + ")",
          e);
    }
    return library;
  }

  /** A clock that is right so far. */
  static ShiftedClock create(Path library, Path file) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(Long.BYTES);
      MappedByteBuffer shift =
          opened.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
      shift.order(ByteOrder.nativeOrder());
      return new ShiftedClock(library, file, shift);
    }
  }

  /** What a process needs to go by this clock. */
  Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), "SHIFTED_CLOCK_FILE", file.toString());
  }

  /** It is wrong by so much from now on. */
  void jump(Duration wrongBy) {
    shift.putLong(0, wrongBy.toSeconds());
  }
}
