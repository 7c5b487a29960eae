package im.parley.cluster;

/** A member in a process of its own: {@code DirectoryProcess <address> <prefix> <topics>}. */
final class DirectoryProcess {
  private DirectoryProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    DirectoryMember member = DirectoryMember.joining(arguments[0]);
    member.listen(arguments[1], Integer.parseInt(arguments[2]));
    System.out.println("number " + member.number());
    Thread.currentThread().join();
  }
}
