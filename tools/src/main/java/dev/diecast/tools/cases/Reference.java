package dev.diecast.tools.cases;

/** The meaning of a contract, in float64. */
@FunctionalInterface
public interface Reference {
  /** Adds every result of a case. */
  void compute(CaseData data, Expected expected);

  /** The results of a case. */
  default Expected of(CaseData data) {
    var expected = new Expected();
    compute(data, expected);
    return expected;
  }
}
