package im.parley.loadtest.verify.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** All that happened in a run, in order. */
public record History(List<Line> lines) {

  /**
   * Reads a file of JSON lines; its name ends with {@code .gz} if it is compressed.
   *
   * @throws IOException naming the line that cannot be read
   */
  public static History read(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (BufferedReader reader = open(file)) {
      String text;
      while ((text = reader.readLine()) != null) {
        lines.add(line(file, lines.size() + 1, text));
      }
    }
    return new History(lines);
  }

  /** The wanted lines of a file as they stand there, by number. */
  public static Map<Integer, String> texts(Path file, Set<Integer> wanted) throws IOException {
    Map<Integer, String> texts = new HashMap<>();
    try (BufferedReader reader = open(file)) {
      String text;
      for (int number = 1; (text = reader.readLine()) != null; number++) {
        if (wanted.contains(number)) {
          texts.put(number, text);
        }
      }
    }
    return texts;
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    try {
      InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
      return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private static Line line(Path file, int number, String text) throws IOException {
    try {
      return Lines.read(number, text);
    } catch (RuntimeException e) {
      throw new IOException(file + ":" + number + " is no event: " + e.getMessage(), e);
    }
  }

  /** The events of one kind with their places. */
  public <E extends Event> Stream<At<E>> all(Class<E> kind) {
    return lines.stream()
        .filter(line -> kind.isInstance(line.event()))
        .map(line -> new At<>(line.number(), line.nanos(), kind.cast(line.event())));
  }

  /**
   * An event of a known kind with its place.
   *
   * @param line its number, from 1
   */
  public record At<E extends Event>(int line, long nanos, E event) {}
}
