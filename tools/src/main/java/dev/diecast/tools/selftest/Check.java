package dev.diecast.tools.selftest;

/**
 * One thing that was checked.
 *
 * @param name of the thing
 * @param outcome how it went
 * @param detail the figures, or what is wrong
 */
public record Check(String name, Outcome outcome, String detail) {
  /** How a check ends. */
  public enum Outcome {
    /** Within tolerance. */
    PASS,
    /** Not so, or it could not be run. */
    FAIL,
    /** Not run, for lack of time. */
    SKIP
  }

  static Check pass(String name, String detail) {
    return new Check(name, Outcome.PASS, detail);
  }

  static Check fail(String name, String detail) {
    return new Check(name, Outcome.FAIL, detail);
  }

  static Check skip(String name) {
    return new Check(name, Outcome.SKIP, "no time left; --seconds gives more");
  }
}
