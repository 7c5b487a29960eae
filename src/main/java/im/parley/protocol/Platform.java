package im.parley.protocol;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a session runs on: a name of Parley's, or the number of one of prim's apps. */
public final class Platform {
  // Each by itself: a session holds the one that is here, not the copy that its login brought.
  private static final Map<String, String> KNOWN =
      Stream.of("web", "ios", "android", "desktop", "101", "102", "103", "104")
          .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));

  /** prim's first and last app. */
  public static final int FIRST_APP = 101;

  public static final int LAST_APP = 104;

  private Platform() {}

  /** The platform that a native login names: a name, or prim's number as text or number. */
  public static String of(Object value) {
    String text =
        value instanceof Integer number
            ? number.toString()
            : value instanceof String string ? string : null;
    String known = text == null ? null : KNOWN.get(text);
    if (known == null) {
      throw Fields.wrong("platform", "web, ios, android, desktop or 101 to 104", value);
    }
    return known;
  }

  /** prim's app number that {@code platform} is, or 0 for a name. */
  public static int app(String platform) {
    return platform.length() == 3
            && platform.startsWith("10")
            && platform.charAt(2) >= '1'
            && platform.charAt(2) <= '4'
        ? 100 + platform.charAt(2) - '0'
        : 0;
  }

  /** Whether prim knows the app. */
  public static boolean isApp(long app) {
    return app >= FIRST_APP && app <= LAST_APP;
  }
}
