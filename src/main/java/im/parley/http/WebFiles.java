package im.parley.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The pages' files by name, read once from the class path: nothing else can be asked for, whatever
 * a path says. Immutable.
 */
final class WebFiles {
  private final Map<String, WebFile> files;

  private WebFiles(Map<String, WebFile> files) {
    this.files = Map.copyOf(files);
  }

  /**
   * The files under {@code root}, such as {@code /web}, which has an index.html; none when it has
   * not.
   */
  static WebFiles load(String root) {
    URL index = WebFiles.class.getResource(root + "/index.html");
    if (index == null) {
      return new WebFiles(Map.of());
    }
    try {
      return new WebFiles(
          index.openConnection() instanceof JarURLConnection jar
              ? fromJar(jar, root.substring(1) + '/')
              : fromDirectory(Path.of(index.toURI()).getParent()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class path entry that is no URI: " + index, e);
    }
  }

  /** The file of that name, or null. */
  WebFile find(String name) {
    return files.get(name);
  }

  private static Map<String, WebFile> fromJar(JarURLConnection connection, String prefix)
      throws IOException {
    connection.setUseCaches(false);
    Map<String, WebFile> files = new HashMap<>();
    try (JarFile jar = connection.getJarFile()) {
      List<JarEntry> entries =
          jar.stream()
              .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(prefix))
              .toList();
      for (JarEntry entry : entries) {
        try (InputStream in = jar.getInputStream(entry)) {
          String name = entry.getName().substring(prefix.length());
          files.put(
              name, WebFile.of(name, in.readAllBytes(), entry.getLastModifiedTime().toInstant()));
        }
      }
    }
    return files;
  }

  private static Map<String, WebFile> fromDirectory(Path directory) throws IOException {
    Map<String, WebFile> files = new HashMap<>();
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(path).toString().replace('\\', '/');
        files.put(
            name,
            WebFile.of(
                name, Files.readAllBytes(path), Files.getLastModifiedTime(path).toInstant()));
      }
    }
    return files;
  }
}
