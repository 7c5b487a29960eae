package im.parley.cli.doctor;

/** What a limit means for the wished number of connections. */
public enum Verdict {
  /** It is enough. */
  OK,
  /** It is not: the node fails, or is hurt, before it has the wished number. */
  LOW,
  /** Worth knowing; nothing to hold it against. */
  NOTE,
  /** It cannot be read here. */
  UNKNOWN
}
