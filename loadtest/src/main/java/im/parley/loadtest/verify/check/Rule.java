package im.parley.loadtest.verify.check;

/** What must hold of every history. */
public enum Rule {
  LOST("what was acknowledged is in the log, with the id, offset and content acknowledged"),
  DOUBLE("one sender, conversation and cid is in the log once, and an id names one message"),
  HOLE("the offsets of a log are 1 to its head, each once"),
  EPOCH("a log keeps its epoch, unless something was done that may change it"),
  ORDER(
      "what was sent after another was acknowledged, or behind it on one connection, is after it"),
  PUSH_ORDER("the pushes of a conversation on one connection ascend"),
  SYNC_HOLE("a sync begins right after the cursor and leaves nothing out"),
  GHOST("nobody gets what is not in the log or not for him, and the log has what was sent"),
  INCOMPLETE("after its last sync every device of a member has the whole log"),
  NEVER_SYNCED("every device could sync once all was healed"),
  WRONG_DUPLICATE("a duplicate's acknowledgement names the first one's id and offset"),
  DISAGREEMENT("every node reads the same log"),
  NEVER_READ("every log could be read back through every node"),
  REFUSED("a correct request is refused for a while at most"),
  UNANSWERED("every message is acknowledged in the end"),
  CLOSED_FOR_GOOD("nobody is told to stay away");

  private final String meaning;

  Rule(String meaning) {
    this.meaning = meaning;
  }

  public String meaning() {
    return meaning;
  }
}
