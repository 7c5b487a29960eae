package im.parley.loadtest.probe;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * Looks at the server from outside: its process in {@code /proc}, its JVM by {@code jcmd}, its
 * Prometheus metrics. Used by the coordinator's thread only.
 */
public final class ServerProbe {
  /** Linux counts processor time in these, whatever the kernel's own tick. */
  private static final double TICKS_PER_SECOND = 100;

  private static final Pattern USED = Pattern.compile("\\bused (\\d+)([KMG])");

  private final long pid;
  private final String adminUrl;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private double cpuSeconds = Double.NaN;
  private long cpuAt;

  /**
   * @param pid 0 for none
   * @param adminUrl null for none
   */
  public ServerProbe(long pid, String adminUrl) {
    this.pid = pid;
    this.adminUrl = adminUrl;
  }

  public boolean isPresent() {
    return pid > 0 || adminUrl != null;
  }

  public ServerSample take() {
    String metrics = adminUrl == null ? "" : metrics();
    double heap = sum(metrics, "jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*}");
    double gc = sum(metrics, "jvm_gc_pause_seconds_sum(?:\\{[^}]*})?");
    double longest = max(metrics, "jvm_gc_pause_seconds_max(?:\\{[^}]*})?");
    return new ServerSample(rssBytes(), heap, cpuCores(), gc, longest);
  }

  /** Resident bytes of the process now; NaN without a pid. */
  public double rssBytes() {
    if (pid <= 0) {
      return Double.NaN;
    }
    Matcher line =
        Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(read(Path.of("/proc/" + pid + "/status")));
    return line.find() ? Long.parseLong(line.group(1)) * 1024.0 : Double.NaN;
  }

  /**
   * Has the JVM collect its garbage fully, twice, and the C library give back what is free, then
   * looks at its memory.
   */
  public Settled settle(long connections) {
    if (pid <= 0) {
      return new Settled(connections, Double.NaN, Double.NaN);
    }
    jcmd("GC.run");
    jcmd("GC.run");
    // What compilers have freed would count or not, as the library pleases.
    jcmd("System.trim_native_heap");
    return new Settled(connections, rssBytes(), heapUsed(jcmd("GC.heap_info")));
  }

  /** Used bytes in what {@code jcmd GC.heap_info} prints, for every collector. */
  static double heapUsed(String info) {
    double used = Double.NaN;
    for (String line : info.split("\n")) {
      if (line.contains("Metaspace") || line.contains("class space")) {
        break;
      }
      Matcher matcher = USED.matcher(line);
      if (matcher.find()) {
        int shift = "KMG".indexOf(matcher.group(2)) * 10 + 10;
        used =
            (Double.isNaN(used) ? 0 : used) + (double) (Long.parseLong(matcher.group(1)) << shift);
      }
    }
    return used;
  }

  /** The sum of a meter's values over its tags in Prometheus text; NaN if it is not there. */
  static double sum(String metrics, String meter) {
    return values(metrics, meter).reduce(Double::sum).orElse(Double.NaN);
  }

  static double max(String metrics, String meter) {
    return values(metrics, meter).max().orElse(Double.NaN);
  }

  private static DoubleStream values(String metrics, String meter) {
    return Pattern.compile("(?m)^" + meter + "\\s+(\\S+)")
        .matcher(metrics)
        .results()
        .mapToDouble(line -> Double.parseDouble(line.group(1)));
  }

  private double cpuCores() {
    if (pid <= 0) {
      return Double.NaN;
    }
    String stat = read(Path.of("/proc/" + pid + "/stat"));
    // The process's name may hold spaces; it ends with the last parenthesis.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
    if (fields.length < 13) {
      return Double.NaN;
    }
    double seconds = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    long now = System.nanoTime();
    double cores = (seconds - cpuSeconds) / ((now - cpuAt) / 1e9);
    cpuSeconds = seconds;
    cpuAt = now;
    return cores;
  }

  private String metrics() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(adminUrl + "/metrics"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** What the JVM prints when asked so; empty when it does not answer. */
  public String jcmd(String command) {
    Attachment attachment = new Attachment(pid);
    if (attachment.isThere()) {
      try {
        return attachment.ask(command);
      } catch (IOException e) {
        // Of another namespace perhaps: as if it were not there.
      }
    }
    Path beside = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String program = Files.isExecutable(beside) ? beside.toString() : "jcmd";
    try {
      Process process =
          new ProcessBuilder(program, String.valueOf(pid), command)
              .redirectErrorStream(true)
              .start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(1, TimeUnit.MINUTES);
      return printed;
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
