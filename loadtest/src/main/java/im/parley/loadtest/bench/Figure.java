package im.parley.loadtest.bench;

/** What the bench measures of each subject. */
public enum Figure {
  RESIDENT("resident bytes per logged-in idle connection", "B", "≤ 3,500"),
  HEAP("of which live heap", "B", ""),
  FRESH("growth of a fresh process per connection, garbage included", "B", ""),
  CONNECT("connect + login", "/s", "≥ 80 % of the floor"),
  BROADCAST("broadcast to all, deliveries", "/s", "≥ 95 % of the floor"),
  DIRECT("direct, 64 outstanding (Parley: durable)", "/s", "≥ 50 % of the floor"),
  HALF_RATE_P99("p99 ack at half that rate", "ms", "≤ 10"),
  GC_PAUSE("longest GC pause", "ms", "≤ 20"),
  START("start to first answer", "s", "");

  private final String label;
  private final String unit;
  private final String aim;

  Figure(String label, String unit, String aim) {
    this.label = label;
    this.unit = unit;
    this.aim = aim;
  }

  public String label() {
    return label;
  }

  public String unit() {
    return unit;
  }

  /** Of Parley, on two cores with the load test beside it; empty without one. */
  public String aim() {
    return aim;
  }
}
