package im.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the tables of docs/protocol.md equal to the enums. */
class ProtocolDocTest {

  @Test
  void the_table_of_reply_codes_is_the_enum() throws IOException {
    List<List<String>> expected =
        Arrays.stream(ErrorCode.values())
            .map(
                c ->
                    List.of(
                        String.valueOf(c.code()), c.name(), c.text(), c.retryable() ? "yes" : "no"))
            .toList();
    assertThat(rowsAfter("<!-- table: reply codes -->", 4)).isEqualTo(expected);
  }

  @Test
  void the_table_of_close_codes_is_the_enum() throws IOException {
    List<List<String>> expected =
        Arrays.stream(CloseCode.values())
            .map(c -> List.of(String.valueOf(c.code()), c.name(), c.reason()))
            .toList();
    assertThat(rowsAfter("<!-- table: close codes -->", 3)).isEqualTo(expected);
  }

  /**
   * The first {@code columns} cells of each row of the table after {@code marker}, without its two
   * head lines.
   */
  private static List<List<String>> rowsAfter(String marker, int columns) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("docs/protocol.md"));
    int start = lines.indexOf(marker);
    assertThat(start).as("line of %s", marker).isNotNegative();
    return lines.stream()
        .skip(start + 1L)
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(
            line ->
                Stream.of(line.split("\\|", -1))
                    .skip(1)
                    .limit(columns)
                    .map(ProtocolDocTest::cell)
                    .toList())
        .toList();
  }

  private static String cell(String text) {
    return text.strip().replace("`", "");
  }
}
