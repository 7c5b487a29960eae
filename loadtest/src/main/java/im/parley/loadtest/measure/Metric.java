package im.parley.loadtest.measure;

/** A latency that is measured, in microseconds. */
public enum Metric {
  CONNECT("connect", "connect began until ready (TCP, upgrade, login)"),
  ACK("ack", "a request was due until its reply"),
  DELIVERY("delivery", "a message was due until a receiver had it"),
  HEARTBEAT("heartbeat", "a heartbeat was due until its reply"),
  RECOVERY("recovery", "the connection was dropped until it was logged in and had synced"),
  OFFLINE("offline", "the process was killed until a node called all asked users offline"),
  REMOVAL(
      "removal",
      "the last heartbeat until the server said that it closes, or closed, the connection"),
  LAG("lag", "how late the generator's own event loops ran what was due");

  private final String label;
  private final String meaning;

  Metric(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  public String label() {
    return label;
  }

  public String meaning() {
    return meaning;
  }
}
