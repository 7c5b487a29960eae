package im.parley.loadtest.measure;

/** What is counted; a sample has the increase since the sample before. */
public enum Counter {
  /** connects begun */
  ATTEMPTED,
  /** connections that became ready: upgraded, and logged in where the run asks for it */
  READY,
  /** connects that did not get so far */
  FAILED,
  /** ready connections that ended without our wish */
  LOST,
  /** requests sent, heartbeats and set-up excluded */
  SENT,
  /** replies with code 200 to them */
  ANSWERED,
  /** replies with another code */
  REFUSED,
  /** requests whose connection ended before a reply */
  UNANSWERED,
  /** deliveries that must come for the answered requests */
  EXPECTED,
  /** deliveries that came */
  DELIVERED,
  /** requests that were sent too late for the schedule of an open loop */
  LATE,
  HEARTBEATS,
  /** messages received, of any kind */
  MESSAGES_IN,
  /** their bytes, without frame heads */
  BYTES_IN,
  /** catch-ups finished */
  SYNCED
}
