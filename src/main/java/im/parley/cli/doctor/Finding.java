package im.parley.cli.doctor;

import java.util.List;

/**
 * One limit of the machine.
 *
 * @param name as the system calls it
 * @param value as it is now, in words
 * @param needed for the wished number of connections, in words; empty for a note
 * @param why it is needed, and what happens below
 * @param change commands, or lines of files, that change it; empty when nothing has to
 */
public record Finding(
    String name, String value, String needed, Verdict verdict, String why, List<String> change) {

  /** A number that must be at least {@code needed}. */
  static Finding atLeast(String name, Long value, long needed, String why, List<String> change) {
    Verdict verdict = value == null ? Verdict.UNKNOWN : value >= needed ? Verdict.OK : Verdict.LOW;
    String shown = value == null ? "unknown" : Words.number(value);
    return judged(name, shown, "at least " + Words.number(needed), verdict, why, change);
  }

  /** As it is judged; how to change it is told only where it has to be. */
  static Finding judged(
      String name, String value, String needed, Verdict verdict, String why, List<String> change) {
    return new Finding(
        name, value, needed, verdict, why, verdict == Verdict.LOW ? change : List.of());
  }

  static Finding note(String name, String value, String why) {
    return new Finding(name, value, "", Verdict.NOTE, why, List.of());
  }
}
