package im.parley;

/** The command line. */
public final class Main {
  private Main() {}

  /** Starts a command. */
  public static void main(String[] args) {
    System.exit(2);
  }
}
