package im.parley.cli.doctor;

import java.util.List;

/** The JVM and its flags. */
final class JvmLimits {
  private static final int COMPACT_HEADERS = 25;

  private JvmLimits() {}

  static List<Finding> of(Jvm jvm, Wish wish) {
    long megabytes = (wish.heapBytes() >> 20) + 1;
    return List.of(
        Finding.judged(
            "heap",
            Words.bytes(jvm.maxHeapBytes()),
            "at least " + Words.bytes(wish.heapBytes()),
            jvm.maxHeapBytes() >= wish.heapBytes() ? Verdict.OK : Verdict.LOW,
            "about 2 KB for each idle connection, and room for the collector; without it collections follow one another until the node ends with an OutOfMemoryError",
            List.of(
                "PARLEY_HEAP=" + megabytes + "m ./parley serve",
                "java -Xmx" + megabytes + "m … -jar parley.jar serve")),
        Finding.judged(
            "native epoll",
            jvm.epoll().isEmpty() ? "available" : "not available: " + jvm.epoll(),
            "available",
            jvm.epoll().isEmpty() ? Verdict.OK : Verdict.LOW,
            "without it the node uses the JDK's selector, with more memory and system calls for each connection",
            List.of(
                "Linux on x86-64 or AArch64 with glibc; from JDK 24 on java --enable-native-access=ALL-UNNAMED")),
        Finding.note(
            "collector",
            jvm.collector(),
            "parallel collects with the least memory, G1 with the shorter pauses"),
        headers(jvm));
  }

  private static Finding headers(Jvm jvm) {
    String why =
        "an idle connection is made of many small objects; compact headers take a tenth to a fifth less heap";
    String value = "JDK " + jvm.feature() + (jvm.compactHeaders() ? ", compact headers" : "");
    if (jvm.feature() < COMPACT_HEADERS) {
      return Finding.note("JDK", value, why + ", from JDK 25 on");
    }
    return Finding.judged(
        "JDK",
        value,
        "compact headers",
        jvm.compactHeaders() ? Verdict.OK : Verdict.LOW,
        why,
        List.of("java -XX:+UseCompactObjectHeaders, which ./parley sets"));
  }
}
