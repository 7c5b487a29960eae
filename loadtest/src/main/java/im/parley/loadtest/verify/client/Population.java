package im.parley.loadtest.verify.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Who writes to whom.
 *
 * @param users their ids
 * @param members of each conversation; a room's first member is its owner
 */
public record Population(List<String> users, Map<String, List<String>> members) {
  static final String ROOM = "room:";
  private static final String DIRECT = "direct:";
  private static final int SMALLEST_ROOM = 3;

  /**
   * Draws rooms of different sizes and as many direct pairs as there are users.
   *
   * @param prefix of all ids, new in each run
   */
  public static Population draw(int users, int rooms, String prefix, Random random) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < users; i++) {
      all.add(prefix + "u" + i);
    }
    Map<String, List<String>> members = new LinkedHashMap<>();
    for (int i = 0; i < rooms; i++) {
      List<String> shuffled = new ArrayList<>(all);
      Collections.shuffle(shuffled, random);
      int size = Math.min(users, SMALLEST_ROOM + random.nextInt(1 + users / 3));
      members.put(ROOM + prefix + "r" + i, List.copyOf(shuffled.subList(0, size)));
    }
    for (int i = 0; i < users; i++) {
      String a = all.get(i);
      String b = all.get((i + 1 + random.nextInt(users - 1)) % users);
      List<String> pair = List.copyOf(new TreeSet<>(List.of(a, b)));
      members.put(DIRECT + pair.get(0) + ":" + pair.get(1), pair);
    }
    return new Population(List.copyOf(all), Collections.unmodifiableMap(members));
  }

  /** Users with an odd number have two devices. */
  static int devices(int userNumber) {
    return 1 + userNumber % 2;
  }

  Map<String, List<String>> conversationsByUser() {
    Map<String, List<String>> conversations = new LinkedHashMap<>();
    members.forEach(
        (conversation, users) ->
            users.forEach(
                user ->
                    conversations
                        .computeIfAbsent(user, any -> new ArrayList<>())
                        .add(conversation)));
    return conversations;
  }
}
