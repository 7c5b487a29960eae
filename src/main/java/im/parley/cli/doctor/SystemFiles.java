package im.parley.cli.doctor;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files below {@code /proc} and {@code /sys} in which Linux tells its limits. What is not
 * there, or may not be read, is null or empty: other systems have none of them.
 */
public final class SystemFiles {
  private final Path root;

  /** {@code root} is {@code /}, or a directory that holds a {@code proc} and a {@code sys}. */
  public SystemFiles(Path root) {
    this.root = root;
  }

  Optional<String> text(String file) {
    // Not by java.nio.file.Files: these files say that they are empty, so it begins with one byte,
    // and a kernel parameter answers only its first read.
    try (InputStream in = new FileInputStream(root.resolve(file).toFile())) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      byte[] buffer = new byte[16 * 1024];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        text.write(buffer, 0, n);
      }
      return Optional.of(text.toString(StandardCharsets.UTF_8).strip());
    } catch (IOException | SecurityException e) {
      return Optional.empty();
    }
  }

  /** The only number of a file; {@code max} and more than a long are {@link Long#MAX_VALUE}. */
  Long number(String file) {
    return text(file).map(SystemFiles::parse).orElse(null);
  }

  /** The n-th of several numbers, from 0. */
  Long number(String file, int n) {
    String[] words = text(file).map(text -> text.split("\\s+")).orElse(new String[0]);
    return n < words.length ? parse(words[n]) : null;
  }

  /** A kernel parameter by its name, as {@code net.core.somaxconn}. */
  Long sysctl(String key) {
    return number(sysctlFile(key));
  }

  Long sysctl(String key, int n) {
    return number(sysctlFile(key), n);
  }

  Optional<String> sysctlText(String key) {
    return text(sysctlFile(key)).map(text -> text.replaceAll("\\s+", " "));
  }

  private static String sysctlFile(String key) {
    return "proc/sys/" + key.replace('.', '/');
  }

  /** The soft (0) or hard (1) limit of this process. */
  Long limit(String name, int column) {
    return find("proc/self/limits", Pattern.quote(name) + " +(\\w+) +(\\w+)")
        .map(found -> parse(found.group(1 + column)))
        .orElse(null);
  }

  /** Bytes of a line of {@code /proc/meminfo}. */
  Long meminfo(String name) {
    return find("proc/meminfo", "(?m)^" + name + ": +(\\d+) kB")
        .map(found -> Long.parseLong(found.group(1)) * 1024)
        .orElse(null);
  }

  Optional<Matcher> find(String file, String pattern) {
    return text(file).map(Pattern.compile(pattern)::matcher).filter(Matcher::find);
  }

  private static Long parse(String word) {
    if (word.equals("max") || word.equals("unlimited")) {
      return Long.MAX_VALUE;
    }
    try {
      return word.length() > 18 ? Long.MAX_VALUE : Long.parseLong(word);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
