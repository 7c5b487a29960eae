package im.parley.cluster;

/** A {@link PeerNode} as a process: joins the port that is its argument, and runs until killed. */
final class PeerChild {
  private PeerChild() {}

  /** Prints its number when it can be reached. */
  public static void main(String[] args) throws InterruptedException {
    PeerNode node = PeerNode.start(PeerLimits.of(8 << 20), Integer.parseInt(args[0]));
    System.out.println("number " + node.number());
    Thread.currentThread().join();
  }
}
