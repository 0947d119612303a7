package dev.diecast.tools.cases;

import dev.diecast.kernels.host.HostFinding;
import dev.diecast.kernels.msl.MslSource;

/**
 * A defect planted in a shipped kernel by an edit of its text.
 *
 * @param defect what is wrong then
 * @param kernel whose text is edited, its headers included
 * @param cases part of the name of the case that shows it
 * @param tiled whether the case runs on the kernel's form for many tokens
 * @param original what the text says, once
 * @param replacement what it says instead, on as many lines
 * @param by what catches it
 */
record Mutation(
    String defect,
    String kernel,
    String cases,
    boolean tiled,
    String original,
    String replacement,
    Catch by) {

  /** What may catch a defect. */
  sealed interface Catch {
    /** The rule check: Apple's compiler would refuse the text. */
    record Rules() implements Catch {}

    /** The checker, with a finding of that kind. */
    record Checker(HostFinding.Kind kind) implements Catch {}

    /** The distance of the results from float64. */
    record Tolerance() implements Catch {}
  }

  /** The text with the defect in it. */
  MslSource plant(MslSource source) {
    int first = source.text().indexOf(original);
    if (first < 0 || source.text().indexOf(original, first + 1) >= 0) {
      throw new IllegalStateException(
          "%s: %s says '%s' %s, not once"
              .formatted(defect, source.name(), original, first < 0 ? "nowhere" : "several times"));
    }
    if (original.lines().count() != replacement.lines().count()) {
      throw new IllegalStateException(defect + ": the edit changes the number of lines");
    }
    return new MslSource(
        source.name(), source.text().replace(original, replacement), source.lines());
  }

  @Override
  public String toString() {
    return kernel + ": " + defect;
  }
}
