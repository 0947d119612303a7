package dev.diecast.tests.softmetal;

/**
 * A planted misuse of Metal and the same thing done right.
 *
 * @param rule that must catch it
 * @param what is done wrong
 * @param wrong does it
 * @param right is its twin without the mistake
 */
record Misuse(String rule, String what, Act wrong, Act right) {

  /** Uses a device. */
  interface Act {
    void on(SoftMetal metal, Gpu gpu);
  }

  @Override
  public String toString() {
    return rule + ": " + what;
  }
}
