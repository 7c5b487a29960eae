package im.parley.loadtest.bench;

/** What the bench measures of each subject. */
public enum Figure {
  RESIDENT("resident each", "resident bytes per logged-in idle connection", "B", "≤ 3,500"),
  HEAP("live heap each", "of which live heap", "B", ""),
  FRESH(
      "fresh process each", "growth of a fresh process per connection, garbage included", "B", ""),
  CONNECT("connect + login", "connect + login", "/s", "≥ 80 % of the floor"),
  BROADCAST("broadcast", "broadcast to all, deliveries", "/s", "≥ 95 % of the floor"),
  DIRECT_FEW("direct, few", "direct, 64 outstanding (Parley: durable)", "/s", ""),
  DIRECT("direct", "direct, 512 outstanding (Parley: durable)", "/s", "≥ 50 % of the floor"),
  HALF_RATE_P99("p99 at half rate", "p99 ack at half that rate", "ms", "≤ 10"),
  EXPIRY("expiry", "removals of silent connections, busiest 100 ms", "/s", "≥ 100,000"),
  GC_PAUSE("longest pause", "longest GC pause", "ms", "≤ 20"),
  START("start", "start to first answer", "s", ""),
  MACHINE_SLOW("machine slow", "the idle machine itself: slow for so much of the time", "%", ""),
  MACHINE_STALL("machine's stall", "the idle machine itself: longest slow spell", "ms", "");

  private final String brief;
  private final String label;
  private final String unit;
  private final String aim;

  Figure(String brief, String label, String unit, String aim) {
    this.brief = brief;
    this.label = label;
    this.unit = unit;
    this.aim = aim;
  }

  /** For a column, with the unit. */
  public String brief() {
    return brief + ", " + unit;
  }

  public String label() {
    return label;
  }

  /** Whether more of it is better. */
  public boolean isRate() {
    return unit.equals("/s");
  }

  /** Whether it is the servers' and not the machine's. */
  boolean compares() {
    return this != MACHINE_SLOW && this != MACHINE_STALL;
  }

  public String unit() {
    return unit;
  }

  /** Of Parley, on two cores with the load test beside it; empty without one. */
  public String aim() {
    return aim;
  }
}
