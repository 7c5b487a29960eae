package im.parley.metrics;

/** What a node has to tell of the cluster's directory; totals count from its start. */
public interface DirectoryReadings {
  /** Topics whose entry this node keeps for the cluster, backups aside. */
  long entries();

  /** Topics of this node whose registration is not settled. */
  int pending();

  /** Topics whose nodes this node remembers. */
  int cached();

  /** Topics that it had to ask about. */
  long asked();

  /** Questions that were refused because too many waited. */
  long refused();

  /** Routes of this node that the audit found missing. */
  long missing();

  /** Routes to this node that it does not want, found by the audit. */
  long surplus();

  /** Topics that named nodes long gone, found by the audit. */
  long dead();
}
