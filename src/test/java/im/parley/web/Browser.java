package im.parley.web;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** One person's browser with a profile of its own, and the few things that a person does in it. */
final class Browser implements AutoCloseable {
  // Longer than the longest pause between two attempts to connect.
  private static final Duration DEADLINE = Duration.ofSeconds(45);
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  // It looks for an interface to each version of the browser; what is used here needs none.
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  static {
    SELENIUM.setLevel(Level.SEVERE);
  }

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Whether this machine has the browser and its driver. */
  static boolean isInstalled() {
    return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
  }

  /** Starts a browser whose profile lives in {@code profile}. */
  static Browser start(Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1100,760",
        "--user-data-dir=" + profile);
    options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  void visit(String url) {
    driver.get(url);
  }

  void reload() {
    driver.navigate().refresh();
  }

  /** Opens a further tab and goes there. */
  void newTab(String url) {
    driver.switchTo().newWindow(WindowType.TAB);
    driver.get(url);
  }

  void switchToTab(int index) {
    driver.switchTo().window(List.copyOf(driver.getWindowHandles()).get(index));
  }

  void phone(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", true));
  }

  void dark() {
    Map<String, String> dark = Map.of("name", "prefers-color-scheme", "value", "dark");
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(dark)));
  }

  void signIn(String origin, String name) {
    visit(origin + "/");
    signIn(name);
  }

  /** Fills in the form of a page that is open already. */
  void signIn(String name) {
    await("the sign-in form", page -> page.shown("sign-in"));
    element("#sign-in-name").clear();
    type("sign-in-name", name + "\n");
    awaitState("online");
  }

  void awaitState(String state) {
    await("state " + state, page -> state.equals(page.state()));
  }

  private Object state() {
    return script("return document.getElementById('app').dataset.state");
  }

  /** Opens the one-to-one conversation with {@code user} by name. */
  void startChat(String user) {
    click("#new");
    type("person", user + "\n");
    awaitOpen(user);
  }

  void createRoom(String name) {
    click("#new");
    type("room-name", name + "\n");
    awaitOpen(name);
  }

  /** Joins an open room from the list. */
  void joinRoom(String name) {
    click("#new");
    click("[aria-label='Join " + name + "']");
    awaitOpen(name);
  }

  /** Opens a conversation that is in the list already. */
  void open(String name) {
    By item =
        By.xpath("//button[contains(@class,'item')][.//span[@class='name'][.='" + name + "']]");
    await("conversation " + name, page -> !page.driver.findElements(item).isEmpty());
    driver.findElement(item).click();
    awaitOpen(name);
  }

  void awaitOpen(String name) {
    await(name + " is open", page -> page.shown("chat") && page.text("#chat-name").equals(name));
  }

  /** Writes into the composer and presses Enter. */
  void say(String text) {
    type("text", text + "\n");
  }

  void type(String id, String text) {
    driver.findElement(By.id(id)).sendKeys(text);
  }

  void click(String selector) {
    await(selector, page -> !page.driver.findElements(By.cssSelector(selector)).isEmpty());
    driver.findElement(By.cssSelector(selector)).click();
  }

  boolean shown(String id) {
    return driver.findElement(By.id(id)).isDisplayed();
  }

  /** The text of the first such element, empty when there is none. */
  String text(String selector) {
    return String.join("", texts(selector).stream().limit(1).toList());
  }

  @SuppressWarnings("unchecked")
  List<String> texts(String selector) {
    return (List<String>)
        script(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)",
            selector);
  }

  /** The texts of the open conversation from top to bottom. */
  List<String> messages() {
    return texts(".message .text");
  }

  /** The states of the own messages from top to bottom. */
  @SuppressWarnings("unchecked")
  List<String> ticks() {
    return (List<String>)
        script("return [...document.querySelectorAll('.tick')].map((e) => e.dataset.status)");
  }

  /** The number at a conversation of the list, empty for none. */
  String unread(String name) {
    Object badge =
        script(
            "const item = [...document.querySelectorAll('.item')]"
                + ".find((i) => i.querySelector('.name').textContent === arguments[0]);"
                + "const badge = item?.querySelector('.badge');"
                + "return badge && !badge.hidden ? badge.textContent : ''",
            name);
    return (String) badge;
  }

  Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  WebElement element(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  /** Waits until {@code condition} holds. */
  void await(String what, Predicate<Browser> condition) {
    new WebDriverWait(driver, DEADLINE, Duration.ofMillis(50))
        .withMessage(
            () -> what + "\nmessages: " + messages() + "\nstate: " + text("#connection-text"))
        .until(any -> condition.test(this));
  }

  void awaitMessages(String... expected) {
    await(List.of(expected) + " is shown", page -> page.messages().equals(List.of(expected)));
  }

  void awaitTicks(String... expected) {
    await("ticks " + List.of(expected), page -> page.ticks().equals(List.of(expected)));
  }

  /** What the page complained of, such as exceptions and breaches of its security policy. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        // What a browser says of a server that is not there is not the page's fault.
        .filter(message -> !message.contains("WebSocket connection to"))
        .toList();
  }

  /** Keeps a picture of the page under target/screenshots. */
  void screenshot(String name) {
    File picture = driver.getScreenshotAs(OutputType.FILE);
    Path directory = Path.of("target", "screenshots");
    try {
      Files.createDirectories(directory);
      Files.write(directory.resolve(name + ".png"), Files.readAllBytes(picture.toPath()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
