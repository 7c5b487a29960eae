package im.parley.loadtest.bench;

/** What the bench measures of each subject. */
public enum Figure {
  RESIDENT("resident bytes per logged-in idle connection", "B", false, "≤ 3,500"),
  HEAP("of which live heap", "B", false, ""),
  CONNECT("connect + login", "/s", true, "≥ 80 % of the floor"),
  BROADCAST("broadcast to all, deliveries", "/s", true, "≥ 95 % of the floor"),
  DIRECT("direct, 64 outstanding (Parley: durable)", "/s", true, "≥ 50 % of the floor"),
  HALF_RATE_P99("p99 ack at half that rate", "ms", false, "≤ 10"),
  GC_PAUSE("longest GC pause", "ms", false, "≤ 20"),
  START("start to first answer", "s", false, "");

  private final String label;
  private final String unit;
  private final boolean moreIsBetter;
  private final String aim;

  Figure(String label, String unit, boolean moreIsBetter, String aim) {
    this.label = label;
    this.unit = unit;
    this.moreIsBetter = moreIsBetter;
    this.aim = aim;
  }

  public String label() {
    return label;
  }

  public String unit() {
    return unit;
  }

  public boolean moreIsBetter() {
    return moreIsBetter;
  }

  /** Of Parley, on two cores with the load test beside it; empty without one. */
  public String aim() {
    return aim;
  }
}
