package im.parley.cluster;

import im.parley.testing.ChildJvm;
import java.nio.file.Path;
import java.util.Map;

/** A member in a process of its own, that can be killed and stopped. */
final class ChildMember implements AutoCloseable {
  private final ChildJvm process;
  private final long id;
  private final String address;

  private ChildMember(ChildJvm process) throws Exception {
    this.process = process;
    String[] words = process.awaitLine("member ").split(" ");
    this.id = Long.parseLong(words[1]);
    this.address = words[2];
  }

  /** The child's main class. */
  static final class Main {
    private Main() {}

    public static void main(String[] settings) throws InterruptedException {
      LocalMember member = LocalMember.join(settings);
      member.vertx().eventBus().consumer("echo", message -> message.reply(message.body()));
      NodeInfo self = member.membership().nodes().get(0);
      NodeInfo told =
          new NodeInfo(self.id(), "child", "1.2.3", "ws://child/acc", "http://child", 7, 9, true);
      member.vertx().setPeriodic(500, timer -> member.membership().publish(told));
      System.out.println("member " + self.id() + " " + member.address());
      Thread.currentThread().join();
    }
  }

  static ChildMember join(Path directory, String... settings) throws Exception {
    ChildJvm process = ChildJvm.start(Main.class, directory, Map.of(), settings);
    try {
      return new ChildMember(process);
    } catch (Exception | AssertionError e) {
      process.close();
      throw e;
    }
  }

  /** Its node's number. */
  long id() {
    return id;
  }

  /** Where it is found, as {@code host:port}. */
  String address() {
    return address;
  }

  /** Waits until its output has such a line. */
  void awaitLine(String part) throws Exception {
    process.awaitLine(part);
  }

  void signal(String signal) throws Exception {
    process.signal(signal);
  }

  @Override
  public void close() {
    process.close();
  }
}
