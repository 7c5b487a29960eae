package im.parley.web;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.ChildNode;
import im.parley.testing.Ports;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** People with real browsers at the pages of a real node. */
@EnabledIf("im.parley.web.Browser#isInstalled")
class ChatPageIT {
  @TempDir static Path data;
  private static ChildNode node;
  private static String origin;

  @TempDir Path profiles;
  private final List<Browser> browsers = new ArrayList<>();

  @BeforeAll
  static void startNode() throws Exception {
    node = ChildNode.start(data.resolve("node"));
    origin = origin(node);
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @AfterEach
  void noPageComplains() {
    try {
      assertThat(browsers).allSatisfy(browser -> assertThat(browser.complaints()).isEmpty());
    } finally {
      browsers.forEach(Browser::close);
    }
  }

  private static String origin(ChildNode node) {
    return "http://127.0.0.1:" + node.httpPort();
  }

  private Browser browser() {
    Browser browser = Browser.start(profiles.resolve("profile" + browsers.size()));
    browsers.add(browser);
    return browser;
  }

  private Browser signedIn(String name) {
    Browser browser = browser();
    browser.signIn(origin, name);
    return browser;
  }

  @Test
  void two_people_talk_and_see_what_was_delivered_and_read() {
    Browser alice = signedIn("alice");
    Browser bob = signedIn("bob");
    alice.startChat("bob");
    alice.say("hello");
    alice.say("are you there?");
    bob.await("two unread", page -> page.unread("alice").equals("2"));
    assertThat(bob.script("return document.title")).isEqualTo("(2) Parley");
    alice.awaitTicks("delivered", "delivered");

    bob.open("alice");
    bob.awaitMessages("hello", "are you there?");
    alice.awaitTicks("read", "read");
    bob.await("nothing unread", page -> page.unread("alice").isEmpty());

    bob.type("text", "yes");
    alice.await("bob writes", page -> page.text("#typing").equals("bob is writing…"));
    bob.say(", here I am");
    alice.awaitMessages("hello", "are you there?", "yes, here I am");
    alice.await("bob writes no more", page -> page.text("#typing").isEmpty());
    alice.await("bob is online", page -> page.text("#chat-about").equals("Online"));
    bob.awaitTicks("read");
    alice.screenshot("direct");
  }

  @Test
  void a_message_to_who_is_away_is_stored_and_then_delivered() {
    Browser early = signedIn("early");
    early.startChat("late");
    early.say("for later");
    early.awaitTicks("stored");
    Browser late = signedIn("late");
    late.await("one unread", page -> page.unread("early").equals("1"));
    early.awaitTicks("delivered");
  }

  @Test
  void three_people_in_a_room_see_the_same_messages_in_the_same_order() {
    List<Browser> people = List.of(signedIn("ann"), signedIn("ben"), signedIn("cem"));
    people.get(0).createRoom("Book club");
    people.get(1).joinRoom("Book club");
    people.get(2).joinRoom("Book club");
    for (Browser person : people) {
      person.await("three members", page -> page.text("#chat-about").equals("3 members"));
    }
    for (int i = 0; i < 3; i++) {
      for (Browser person : people) {
        person.say("round " + i + " of " + person.text("#me"));
      }
    }
    for (Browser person : people) {
      person.await("all nine", page -> page.messages().size() == 9);
      assertThat(person.messages()).isEqualTo(people.get(0).messages()).doesNotHaveDuplicates();
    }
    people.get(2).dark();
    people.get(2).screenshot("room-dark");
  }

  @Test
  void history_comes_by_scrolling_up_and_keeps_the_place() {
    try (ChatClient writer = ChatClient.login(node.wsPort(), "writer", "d1")) {
      IntStream.rangeClosed(1, 180).forEach(i -> writer.send("reader", "c" + i, "line " + i));
    }
    Browser reader = signedIn("reader");
    reader.open("writer");
    reader.await("the newest is here", page -> page.messages().contains("line 180"));
    assertThat(reader.messages()).hasSizeLessThan(180).endsWith("line 179", "line 180");

    while (!reader.messages().contains("line 1")) {
      int before = reader.messages().size();
      String first = reader.messages().get(0);
      reader.script("document.getElementById('messages').scrollTop = 0");
      double top = top(reader, first);
      reader.await("older ones", page -> page.messages().size() > before);
      assertThat(top(reader, first)).as("place of " + first).isBetween(top - 60, top + 60);
    }
    assertThat(reader.messages())
        .isEqualTo(IntStream.rangeClosed(1, 180).mapToObj(i -> "line " + i).toList());
  }

  /** Where a message stands in the window. */
  private static double top(Browser browser, String text) {
    Object top =
        browser.script(
            "return [...document.querySelectorAll('.message .text')]"
                + ".find((t) => t.textContent === arguments[0]).getBoundingClientRect().top",
            text);
    return ((Number) top).doubleValue();
  }

  @Test
  void a_killed_server_is_told_and_nothing_is_lost_or_doubled() throws Exception {
    Path store = data.resolve("mortal");
    String port = "http-port=" + Ports.free();
    try (ChildNode first = ChildNode.start(store, port)) {
      Browser dora = browser();
      Browser emil = browser();
      dora.signIn(origin(first), "dora");
      emil.signIn(origin(first), "emil");
      dora.startChat("emil");
      dora.say("before");
      emil.open("dora");
      emil.awaitMessages("before");
      dora.awaitTicks("read");
      first.kill();

      dora.awaitState("waiting");
      dora.await("the page says so", page -> page.text("#connection-text").startsWith("Offline"));
      assertThat(dora.shown("retry")).isTrue();
      dora.say("in the dark 1");
      dora.say("in the dark 2");
      emil.say("me too");
      dora.awaitTicks("read", "sending", "sending");
      dora.screenshot("offline");

      try (ChildNode second = ChildNode.start(store, port)) {
        assertThat(second.httpPort()).isEqualTo(first.httpPort());
        dora.reload(); // what was not sent survives it
        dora.awaitState("online");
        emil.awaitState("online"); // by itself
        emil.await("all", page -> page.messages().size() == 4);
        dora.await("all", page -> page.messages().size() == 4);
        assertThat(dora.messages()).isEqualTo(emil.messages()).startsWith("before");
        assertThat(dora.messages())
            .containsExactlyInAnyOrder("before", "in the dark 1", "in the dark 2", "me too")
            .containsSubsequence("in the dark 1", "in the dark 2");
        dora.awaitTicks("read", "read", "read");
        assertThat(dora.shown("connection")).isFalse();
        try (ChatClient log = ChatClient.login(second.wsPort(), "dora", "checker")) {
          assertThat(log.syncAll()).hasSize(4);
        }
      }
    }
  }

  @Test
  void markup_in_messages_and_names_is_shown_as_text() {
    String markup = "<img src=x onerror=\"window.harmed=true\">";
    Browser mallory = signedIn("<b>mallory</b>");
    Browser trent = signedIn("trent");
    mallory.startChat("trent");
    mallory.say(markup);
    mallory.say("javascript:alert(1) and https://parley.example/a?b=c.");
    trent.open("<b>mallory</b>");
    trent.awaitMessages(markup, "javascript:alert(1) and https://parley.example/a?b=c.");
    assertThat(trent.script("return window.harmed")).isNull();
    assertThat(trent.texts("img")).isEmpty();
    assertThat(trent.texts(".messages b")).isEmpty();
    assertThat(trent.texts(".message a")).containsExactly("https://parley.example/a?b=c");
  }

  @Test
  void on_a_phone_the_list_and_the_conversation_are_two_screens() {
    Browser phone = browser();
    phone.phone(360, 740);
    phone.signIn(origin, "pia");
    phone.startChat("quentin");
    phone.say("a-word-without-an-end-".repeat(20));
    phone.awaitTicks("stored");
    assertThat(phone.element(".sidebar").isDisplayed()).isFalse();
    assertThat(phone.script("return document.documentElement.scrollWidth")).isEqualTo(360L);
    phone.screenshot("phone-conversation");
    phone.click("#back");
    phone.await("the list", page -> page.element(".sidebar").isDisplayed());
    assertThat(phone.shown("chat")).isFalse();
    phone.screenshot("phone-list");
  }

  @Test
  void two_tabs_of_one_person_are_two_devices_side_by_side() {
    Browser rita = signedIn("rita");
    rita.startChat("sven");
    rita.newTab(origin + "/");
    rita.signIn("rita");
    rita.startChat("sven");
    rita.say("from the second tab");
    rita.switchToTab(0);
    rita.awaitMessages("from the second tab");
    assertThat(rita.text("#my-state")).isEqualTo("Online");
    Object devices = rita.script("return sessionStorage.getItem('parley.device')");
    rita.switchToTab(1);
    assertThat(rita.script("return sessionStorage.getItem('parley.device')")).isNotEqualTo(devices);
    assertThat(rita.text("#my-state")).isEqualTo("Online");
  }

  @Test
  void a_reload_keeps_the_person_the_conversation_and_what_is_read() {
    Browser uma = signedIn("uma");
    Browser veit = signedIn("veit");
    uma.startChat("veit");
    uma.say("one");
    veit.open("uma");
    uma.awaitTicks("read");
    uma.reload();
    uma.awaitOpen("veit");
    uma.awaitMessages("one");
    uma.awaitTicks("read");
    veit.say("two");
    uma.awaitMessages("one", "two");
  }

  @Test
  void prims_page_works_in_two_windows() {
    Browser one = browser();
    Browser two = browser();
    Browser elsewhere = browser();
    one.visit(origin + "/home/index?appID=102");
    one.await("one is in", page -> page.text("#state").startsWith("已连接"));
    two.visit(origin + "/home/index?appID=102");
    two.await("two is in", page -> page.text("#state").startsWith("已连接"));
    elsewhere.visit(origin + "/home/index?appID=7");
    elsewhere.await("in", page -> page.text("#state").startsWith("已连接"));
    assertThat(one.script("return document.title")).isEqualTo("聊天首页--房间ID(102)");
    assertThat(elsewhere.script("return document.title")).isEqualTo("聊天首页--房间ID(101)");
    assertThat(one.texts("nav a")).containsExactly("房间 101", "房间 102", "房间 103", "房间 104");

    one.await("enter", page -> page.text(".note").endsWith("哈喽~"));
    one.await("two users", page -> page.texts("#users li").size() == 2);
    two.await("two users", page -> page.texts("#users li").size() == 2);
    String name = two.texts("#users li").stream().filter(u -> u.endsWith("(自己)")).findAny().get();
    String me = name.replace(" (自己)", "");
    assertThat(me.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 19);

    two.say("<img src=x onerror=\"window.harmed=true\">");
    one.await("the message", page -> page.texts(".entry").size() == 1);
    assertThat(one.text(".entry b")).isEqualTo(me);
    assertThat(one.text(".entry span")).isEqualTo("<img src=x onerror=\"window.harmed=true\">");
    assertThat(one.script("return window.harmed")).isNull();
    assertThat(new HashSet<>(two.texts(".entry span")))
        .isEqualTo(new HashSet<>(one.texts(".entry span")));
    assertThat(elsewhere.texts(".entry")).isEmpty();

    two.visit("about:blank");
    one.await("exit", page -> page.texts(".note").contains(me + " 用户已经离开~"));
    one.await("one user", page -> page.texts("#users li").size() == 1);
  }
}
