package im.parley.loadtest.scenario;

/** How a connection becomes ready, and with it the dialect of its requests. */
public enum Login {
  /** as Parley's own clients */
  NATIVE,
  /** as prim's clients: {@code cmd}, and an {@code appID} for the lobby */
  PRIM,
  /** not at all: ready with the upgrade */
  NONE
}
