package im.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher in a checkout of its own, where a recorder stands for the JVM. */
class LauncherIT {
  private static final String RECORDER =
      "#!/bin/sh\necho \"$0\"\nfor arg in \"$@\"; do echo \"$arg\"; done\n";

  private static final List<String> TOOLS =
      List.of("bash", "dirname", "readlink", "sed", "head", "find", "mkdir", "grep", "rm");

  @TempDir Path directory;
  private Path checkout;
  private Path jdk;

  @BeforeEach
  void copy() throws Exception {
    checkout = Files.createDirectories(directory.resolve("a checkout"));
    Files.copy(Path.of("parley"), checkout.resolve("parley"));
    run(directory, Map.of(), "chmod", "+x", checkout.resolve("parley").toString());
    Files.createDirectories(checkout.resolve("src/main"));
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Files.createDirectories(checkout.resolve("target"));
    jdk = fakeJdk("25.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parley", ".ci/run"})
  void the_scripts_parse(String script) throws Exception {
    assertThat(run(Path.of("").toAbsolutePath(), Map.of(), "bash", "-n", script).exitCode())
        .isZero();
  }

  @Test
  void it_runs_from_anywhere_and_through_symlinks() throws Exception {
    jar();
    Path inner = Files.createSymbolicLink(checkout.resolve("inner"), Path.of("parley"));
    Path outer = Files.createSymbolicLink(directory.resolve("outer"), inner);
    Result result =
        run(
            Path.of("/"),
            Map.of("PARLEY_JAVA_HOME", jdk.toString()),
            outer.toString(),
            "say",
            "two words");
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().toList())
        .startsWith(jdk.resolve("bin/java").toString())
        .endsWith(
            "-jar",
            checkout.toRealPath().resolve("target/parley.jar").toString(),
            "say",
            "two words");
  }

  @Test
  void flags_follow_the_version_of_the_jdk() throws Exception {
    jar();
    assertThat(flags(jdk, Map.of()))
        .contains("-XX:+UseCompactObjectHeaders", "-XX:MaxRAMPercentage=50");
    assertThat(flags(fakeJdk("17.0.2"), Map.of()))
        .contains(
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4")
        .noneMatch(flag -> flag.contains("CompactObjectHeaders") || flag.contains("native-access"));
    assertThat(flags(jdk, Map.of("PARLEY_HEAP", "3g", "PARLEY_JAVA_OPTS", "-Xlog:gc -Dx=y")))
        .contains("-Xmx3g", "-Xlog:gc", "-Dx=y")
        .doesNotContain("-XX:MaxRAMPercentage=50");
  }

  @Test
  void another_collector_takes_the_place_of_g1() throws Exception {
    jar();
    assertThat(flags(jdk, Map.of("PARLEY_GC", "-XX:+UseZGC -Xmn1g")))
        .contains("-XX:+UseZGC", "-Xmn1g")
        .noneMatch(flag -> flag.contains("G1") || flag.contains("FreeRatio"));
  }

  @Test
  void the_heap_has_huge_pages_where_the_kernel_gives_them() throws Exception {
    String hugePages = "-XX:+UseTransparentHugePages";
    Path kernel = Path.of("/sys/kernel/mm/transparent_hugepage");
    boolean given =
        Files.exists(kernel.resolve("hpage_pmd_size"))
            && Files.readString(kernel.resolve("hpage_pmd_size")).equals("2097152\n")
            && !Files.readString(kernel.resolve("enabled")).contains("[never]");
    assertThat(flags(jdk, Map.of()).contains(hugePages)).isEqualTo(given);
    assertThat(flags(jdk, Map.of("PARLEY_GC", "-XX:+UseZGC"))).doesNotContain(hugePages);
  }

  @Test
  void threads_of_collections_go_first_for_root_as_far_as_the_jdk_lets_them() throws Exception {
    jar();
    String policy = "-XX:ThreadPriorityPolicy=1";
    String priority = "-XX:JavaPriority9_To_OSPriority=-15";
    Map<String, String> root = Map.of("PATH", tools("0").toString());
    assertThat(flags(jdk, root)).contains(policy, priority, "-XX:CompilerThreadPriority=0");
    assertThat(flags(fakeJdk("17.0.2"), root)).contains(policy).doesNotContain(priority);
    executable("tools/id", "#!/bin/sh\necho 1000\n");
    assertThat(flags(jdk, root)).noneMatch(flag -> flag.contains("Priority"));
  }

  @Test
  void every_jdk_that_is_here_takes_its_flags() throws Exception {
    jar();
    for (Path home : jdks()) {
      Map<String, String> variables = Map.of("PARLEY_JAVA_HOME", home.toString());
      Result named = run(directory, variables, checkout.resolve("parley").toString(), "flags");
      List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
      named.out().lines().forEach(command::add);
      command.add("-version");
      Result started = run(directory, Map.of(), command.toArray(String[]::new));
      assertThat(started.exitCode()).as("%s: %s", home, started.err()).isZero();
      assertThat(started.err()).as("%s", home).doesNotContainIgnoringCase("warning");
    }
  }

  @Test
  void it_names_the_flags_without_a_jvm_or_a_build() throws Exception {
    Files.writeString(checkout.resolve("target/parley.jar"), "");
    Path cache = Files.writeString(checkout.resolve("target/parley-25.aot"), "");
    Files.setLastModifiedTime(cache, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    Map<String, String> variables = Map.of("PARLEY_JAVA_HOME", jdk.toString());
    Result result = run(directory, variables, checkout.resolve("parley").toString(), "flags");
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines())
        .contains("-XX:+UseG1GC", "-XX:AOTCache=" + cache.toRealPath())
        .doesNotContain("-jar", jdk.resolve("bin/java").toString());
  }

  @Test
  void it_builds_when_a_source_is_newer_than_the_jar_and_only_then() throws Exception {
    String maven = "#!/bin/sh\necho mvn \"$@\" >&2\ntouch target/parley.jar\n";
    Map<String, String> variables =
        Map.of(
            "PARLEY_JAVA_HOME",
            jdk.toString(),
            "PATH",
            executable("bin/mvn", maven).getParent() + ":" + System.getenv("PATH"));
    String launcher = checkout.resolve("parley").toString();
    assertThat(run(directory, variables, launcher).err()).contains("mvn").contains("package");
    assertThat(run(directory, variables, launcher).err()).isEmpty();
    Path source = Files.writeString(checkout.resolve("src/main/New.java"), "class New {}");
    Files.setLastModifiedTime(source, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    assertThat(run(directory, variables, launcher).err()).contains("mvn");
  }

  @Test
  void what_is_missing_is_one_line_and_exit_code_2() throws Exception {
    String launcher = checkout.resolve("parley").toString();
    Result old = run(directory, Map.of("PARLEY_JAVA_HOME", fakeJdk("11.0.2").toString()), launcher);
    assertThat(old.err()).hasLineCount(1).contains("expected a JDK, version 17 or newer");
    assertThat(old.exitCode()).isEqualTo(2);

    Result withoutMaven =
        run(
            directory,
            Map.of("PATH", tools("1000").toString(), "PARLEY_JAVA_HOME", jdk.toString()),
            launcher);
    assertThat(withoutMaven.err()).contains("Maven is missing: install it");
    assertThat(withoutMaven.exitCode()).isEqualTo(2);
  }

  @Test
  void tests_without_their_tools_name_what_to_install() throws Exception {
    Map<String, String> variables =
        Map.of("PATH", tools("1000").toString(), "PARLEY_JAVA_HOME", jdk.toString());
    Result result = run(directory, variables, checkout.resolve("parley").toString(), "test");
    assertThat(result.err())
        .hasLineCount(1)
        // nginx may be there, in a directory that is no user's PATH.
        .containsPattern(
            "the tests need redis-server (nginx )?chromium chromedriver ip cc: install ");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void root_on_debian_gets_the_tools_of_the_tests_installed() throws Exception {
    Path tools = tools("0");
    executable("tools/apt-get", "#!/bin/sh\necho apt-get \"$@\" >&2\n");
    executable("tools/mvn", "#!/bin/sh\necho mvn \"$@\"\n");
    executable("tools/chromium", "#!/bin/sh\n");
    Map<String, String> variables =
        Map.of("PATH", tools.toString(), "PARLEY_JAVA_HOME", jdk.toString());
    Result result = run(directory, variables, checkout.resolve("parley").toString(), "test");
    assertThat(result.err().lines().toList())
        .hasSize(3)
        .satisfies(lines -> assertThat(lines.get(1)).isEqualTo("apt-get update -q"))
        .satisfies(
            lines ->
                assertThat(lines.get(2))
                    .startsWith("apt-get install")
                    .contains("redis-server")
                    .doesNotContain("chromium "));
    assertThat(result.out()).startsWith("mvn ").contains(" verify ");
    assertThat(result.exitCode()).isZero();
  }

  private List<String> flags(Path home, Map<String, String> variables) throws Exception {
    Map<String, String> all = new java.util.HashMap<>(variables);
    all.put("PARLEY_JAVA_HOME", home.toString());
    return run(directory, all, checkout.resolve("parley").toString()).out().lines().toList();
  }

  /** The JDK of this test, and those that Debian's packages have installed beside it. */
  private static Set<Path> jdks() throws IOException {
    Set<Path> homes = new TreeSet<>(Set.of(Path.of(System.getProperty("java.home"))));
    Path debian = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(debian)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(debian)) {
        for (Path home : found) {
          Path release = home.resolve("release");
          if (Files.isExecutable(home.resolve("bin/javac"))
              && Files.isReadable(release)
              && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(1[7-9]|[2-9]\\d).*")) {
            homes.add(home.toRealPath());
          }
        }
      }
    }
    return homes;
  }

  private void jar() throws IOException {
    Path jar = Files.writeString(checkout.resolve("target/parley.jar"), "");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
  }

  private Path fakeJdk(String version) throws Exception {
    executable(version + "/bin/java", RECORDER);
    Path javac = executable(version + "/bin/javac", RECORDER);
    Path home = javac.getParent().getParent();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  /**
   * A directory for PATH with what the launcher uses itself, and {@code id} that answers {@code
   * user}.
   */
  private Path tools(String user) throws Exception {
    Path tools = executable("tools/id", "#!/bin/sh\necho " + user + "\n").getParent();
    for (String tool : TOOLS) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
    }
    return tools;
  }

  private Path executable(String name, String text) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private record Result(int exitCode, String out, String err) {}

  private static Result run(Path directory, Map<String, String> variables, String... command)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(
            () -> text(process.errorReader(StandardCharsets.UTF_8)),
            task -> new Thread(task, "child errors").start());
    String out = text(process.inputReader(StandardCharsets.UTF_8));
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, err.join());
  }

  private static String text(java.io.BufferedReader reader) {
    StringBuilder text = new StringBuilder();
    reader.lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
