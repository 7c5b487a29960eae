package im.parley;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The direction of imports: a piece of the house knows the pieces below it, never one beside or
 * above.
 */
final class ImportRules {
  private static final List<Set<String>> LEVELS =
      List.of(
          Set.of("protocol"),
          Set.of("config", "metrics"),
          Set.of("store", "cluster", "auth"),
          Set.of("session"),
          Set.of("chat"),
          Set.of("gateway", "grpc", "http"),
          Set.of("cli"),
          Set.of(""));
  private static final Map<String, String> KNOWN_ONLY_TO =
      Map.of("com.hazelcast.", "cluster", "io.vertx.spi.cluster.", "cluster");
  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?((?:[a-z]\\w*\\.)+)[\\w.*]+;", Pattern.MULTILINE);

  private final Map<String, Set<String>> imports = new TreeMap<>();

  /** Adds a source file's text. */
  ImportRules add(String source) {
    Matcher home = PACKAGE.matcher(source);
    if (home.find()) {
      Set<String> known = imports.computeIfAbsent(home.group(1), name -> new TreeSet<>());
      IMPORT
          .matcher(source)
          .results()
          .map(found -> withoutDot(found.group(1)))
          .filter(other -> !other.equals(home.group(1)))
          .forEach(known::add);
    }
    return this;
  }

  /** Adds every source file below {@code root}. */
  static ImportRules of(Path root) throws IOException {
    ImportRules rules = new ImportRules();
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .map(ImportRules::text)
          .forEach(rules::add);
    }
    return rules;
  }

  int packages() {
    return imports.size();
  }

  /** What breaks a rule, one sentence each. */
  List<String> breaches() {
    List<String> breaches = new ArrayList<>();
    imports.forEach((home, known) -> known.forEach(other -> judge(home, other, breaches)));
    imports.keySet().stream()
        .filter(home -> reachable(home).contains(home))
        .forEach(home -> breaches.add(home + " is in a cycle of packages"));
    return breaches;
  }

  private static void judge(String home, String other, List<String> breaches) {
    KNOWN_ONLY_TO.forEach(
        (prefix, piece) -> {
          if ((other + ".").startsWith(prefix) && !piece(home).equals(piece)) {
            breaches.add(home + " imports " + other + ", which only " + piece + " knows");
          }
        });
    if (isOurs(other) && !piece(home).equals(piece(other)) && level(other) >= level(home)) {
      breaches.add(home + " imports " + other + ", which is not below it");
    }
  }

  private Set<String> reachable(String home) {
    Set<String> seen = new TreeSet<>();
    List<String> next = new ArrayList<>(imports.getOrDefault(home, Set.of()));
    while (!next.isEmpty()) {
      String other = next.remove(next.size() - 1);
      if (isOurs(other) && seen.add(other)) {
        next.addAll(imports.getOrDefault(other, Set.of()));
      }
    }
    return seen;
  }

  private static boolean isOurs(String name) {
    return name.equals("im.parley") || name.startsWith("im.parley.");
  }

  private static String piece(String name) {
    return name.equals("im.parley") ? "" : name.split("\\.")[2];
  }

  private static int level(String name) {
    return Stream.iterate(0, level -> level < LEVELS.size(), level -> level + 1)
        .filter(level -> LEVELS.get(level).contains(piece(name)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " has no level: give it one here"));
  }

  private static String withoutDot(String name) {
    return name.substring(0, name.length() - 1);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
