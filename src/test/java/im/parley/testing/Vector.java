package im.parley.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One test vector: a named scenario of what is sent to a server and what comes back. The file
 * format is described in {@code src/test/resources/vectors/README.md}.
 *
 * @param name the file's name without its ending
 * @param about one sentence for people
 * @param settings settings that the server needs beyond its defaults
 * @param steps in the order in which they are played
 */
public record Vector(
    String name, String about, Map<String, String> settings, List<JsonObject> steps) {

  /** All vectors on the class path, in the order of their names. */
  public static List<Vector> all() {
    URL directory = Vector.class.getResource("/vectors");
    if (directory == null) {
      throw new IllegalStateException("no /vectors on the class path");
    }
    try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Vector::read)
          .toList();
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("cannot list " + directory, e);
    }
  }

  private static Vector read(Path file) {
    try {
      JsonObject json = new JsonObject(Files.readString(file));
      Map<String, String> settings = new TreeMap<>();
      json.getJsonObject("settings", new JsonObject())
          .forEach(e -> settings.put(e.getKey(), e.getValue().toString()));
      JsonArray steps = json.getJsonArray("steps");
      return new Vector(
          file.getFileName().toString().replace(".json", ""),
          json.getString("about"),
          settings,
          steps.stream().map(JsonObject.class::cast).toList());
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException("not a vector: " + file, e);
    }
  }
}
