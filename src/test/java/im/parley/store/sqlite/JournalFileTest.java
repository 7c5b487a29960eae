package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read back from a journal's file, whatever happened to it. */
class JournalFileTest {
  private static final long STORE = 4711;
  private static final int BLOCK = JournalFile.BLOCK;

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("journal");
  }

  @Test
  void records_are_read_back_in_order_with_where_the_last_one_is() throws IOException {
    long lastAt = write(1, "one", "two", "x".repeat(3 * BLOCK), "");

    JournalFile.Content content = JournalFile.read(path, STORE, 1, true);

    assertThat(texts(content)).containsExactly("one", "two", "x".repeat(3 * BLOCK), "");
    assertThat(content.lastAt()).isEqualTo(lastAt);
  }

  @Test
  void a_file_that_is_not_there_holds_nothing() throws IOException {
    assertThat(JournalFile.read(path, STORE, 1, true).payloads()).isEmpty();
    assertThat(JournalFile.owner(path)).isZero();
  }

  @Test
  void only_one_generation_of_one_store_is_read() throws IOException {
    write(1, "old one", "old two", "old three");
    write(3, "new");

    assertThat(texts(JournalFile.read(path, STORE, 3, true))).containsExactly("new");
    assertThat(JournalFile.read(path, STORE, 1, false).payloads()).isEmpty();
    assertThat(JournalFile.read(path, STORE + 2, 3, true).payloads()).isEmpty();
    assertThat(JournalFile.owner(path)).isEqualTo(STORE);
  }

  @Test
  void a_last_record_cut_off_anywhere_is_not_there_and_no_damage() throws IOException {
    long lastAt = write(1, "one", "two", "y".repeat(2 * BLOCK));
    byte[] whole = bytes(lastAt, 3 * BLOCK);

    for (int kept : new int[] {0, 1, 7, 8, 36, 40, BLOCK - 1, BLOCK, 2 * BLOCK, 2 * BLOCK + 35}) {
      overwrite(lastAt, new byte[3 * BLOCK]);
      overwrite(lastAt, Arrays.copyOf(whole, kept));

      assertThat(texts(JournalFile.read(path, STORE, 1, true)))
          .as("with %d bytes of it", kept)
          .containsExactly("one", "two");
    }
  }

  @Test
  void a_record_that_cannot_be_read_before_others_that_can_is_damage() throws IOException {
    write(1, "one", "two", "three");
    overwrite(BLOCK + JournalFile.HEADER_BYTES, new byte[] {'T'});

    assertThatThrownBy(() -> JournalFile.read(path, STORE, 1, true))
        .isInstanceOf(JournalFile.JournalDamaged.class)
        .hasMessageContaining("damaged at byte " + BLOCK);
    assertThat(texts(JournalFile.read(path, STORE, 1, false))).containsExactly("one");
  }

  @Test
  void each_byte_of_a_record_counts() throws IOException {
    write(1, "payload");
    byte[] whole = bytes(0, JournalFile.HEADER_BYTES + "payload".length());

    for (int i = 0; i < whole.length; i++) {
      overwrite(i, new byte[] {(byte) (whole[i] ^ 0x10)});
      assertThat(JournalFile.read(path, STORE, 1, true).payloads()).as("byte %d", i).isEmpty();
      overwrite(i, new byte[] {whole[i]});
    }
    assertThat(texts(JournalFile.read(path, STORE, 1, true))).containsExactly("payload");
  }

  @Test
  void a_length_beyond_the_file_is_no_record() throws IOException {
    write(1, "one", "two");
    overwrite(BLOCK + 28, ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array());

    assertThat(texts(JournalFile.read(path, STORE, 1, true))).containsExactly("one");
  }

  /** Writes records from the file's beginning on and says where the last one is. */
  private long write(long generation, String... texts) throws IOException {
    long at = 0;
    long lastAt = 0;
    try (JournalFile file = JournalFile.open(path, STORE)) {
      for (int number = 0; number < texts.length; number++) {
        byte[] payload = texts[number].getBytes(StandardCharsets.UTF_8);
        lastAt = at;
        at = file.write(at, generation, number, payload, payload.length);
      }
    }
    return lastAt;
  }

  private static List<String> texts(JournalFile.Content content) {
    return content.payloads().stream()
        .map(payload -> new String(payload, StandardCharsets.UTF_8))
        .toList();
  }

  private byte[] bytes(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try (FileChannel channel = FileChannel.open(path)) {
      channel.read(bytes, at);
    }
    return bytes.array();
  }

  private void overwrite(long at, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    }
  }
}
