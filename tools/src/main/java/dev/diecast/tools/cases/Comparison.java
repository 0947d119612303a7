package dev.diecast.tools.cases;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * How far results are from what was expected.
 *
 * @param worst the largest relative error of a row, as a share of its tolerance
 * @param faults what is wrong, for people; at most one for each slot
 */
public record Comparison(double worst, List<String> faults) {
  /** Copies the list. */
  public Comparison {
    faults = List.copyOf(faults);
  }

  /** Whether the kernel did what its contract says. */
  public boolean isGood() {
    return faults.isEmpty();
  }

  /**
   * Compares memory after a run.
   *
   * @param before what the kernel was given
   * @param tolerance by slot
   */
  public static Comparison of(
      CaseData before, Expected expected, CaseMemory after, ToDoubleFunction<String> tolerance) {
    double worst = 0;
    Set<String> wrong = new LinkedHashSet<>();
    List<String> faults = new ArrayList<>();
    for (Expected.Row row : expected.rows()) {
      double error = error(row, before.of().content(row.slot()).element(), after.slot(row.slot()));
      double share = error / tolerance.applyAsDouble(row.slot());
      worst = Math.max(worst, share);
      if (!(share <= 1) && wrong.add(row.slot())) {
        faults.add(describe(row, error, before, after));
      }
    }
    after
        .slots()
        .forEach((slot, memory) -> {
          long at = firstStray(slot, before, expected, memory);
          if (at >= 0 && wrong.add(slot)) {
            faults.add("%s changed at byte %d, which is no result".formatted(slot, at));
          }
        });
    return new Comparison(worst, faults);
  }

  private static double error(Expected.Row row, Element element, MemorySegment memory) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < row.values().length; i++) {
      double want = row.values()[i];
      double got = read(element, memory, row.at() + i);
      boolean exact = Double.isInfinite(want) || element == Element.INT;
      if (exact ? got != want : Double.isNaN(got)) {
        return Double.POSITIVE_INFINITY;
      }
      if (Double.isFinite(want)) {
        error += (got - want) * (got - want);
        size += want * want;
      }
    }
    double scale = Math.max(Math.sqrt(size), row.size());
    return error == 0 ? 0 : Math.sqrt(error) / scale;
  }

  private static double read(Element element, MemorySegment memory, long index) {
    long at = index * element.bytes();
    return switch (element) {
      case FLOAT -> memory.get(JAVA_FLOAT_UNALIGNED, at);
      case HALF -> Float.float16ToFloat(memory.get(JAVA_SHORT_UNALIGNED, at));
      case INT -> memory.get(JAVA_INT_UNALIGNED, at);
    };
  }

  private static String describe(
      Expected.Row row, double error, CaseData before, CaseMemory after) {
    Element element = before.of().content(row.slot()).element();
    int at = farthest(row, element, after.slot(row.slot()));
    return "%s has an error of %.2g in %d values from %d on; [%d] is %s, not %s"
        .formatted(
            row.slot(),
            error,
            row.values().length,
            row.at(),
            row.at() + at,
            read(element, after.slot(row.slot()), row.at() + at),
            row.values()[at]);
  }

  private static int farthest(Expected.Row row, Element element, MemorySegment memory) {
    int farthest = 0;
    double most = -1;
    for (int i = 0; i < row.values().length; i++) {
      double distance = Math.abs(read(element, memory, row.at() + i) - row.values()[i]);
      if (Double.isNaN(distance)) {
        return i;
      }
      if (distance > most) {
        most = distance;
        farthest = i;
      }
    }
    return farthest;
  }

  /** The first byte that changed although it holds no result; -1 when there is none. */
  private static long firstStray(
      String slot, CaseData before, Expected expected, MemorySegment after) {
    MemorySegment old = before.slot(slot);
    if (after.mismatch(old) < 0) {
      return -1;
    }
    BitSet results = results(slot, before.of(), expected);
    int width = before.of().content(slot).element().bytes();
    for (long at = 0; at < after.byteSize(); at++) {
      if (after.get(JAVA_BYTE, at) != old.get(JAVA_BYTE, at)
          && !results.get(Math.toIntExact(at / width))) {
        return at;
      }
    }
    return -1;
  }

  /** Indices of a slot's memory that are results, whichever slot names them. */
  private static BitSet results(String slot, KernelCase of, Expected expected) {
    String owner = owner(slot, of);
    var results = new BitSet();
    for (Expected.Row row : expected.rows()) {
      if (owner(row.slot(), of).equals(owner)) {
        results.set((int) row.at(), (int) row.at() + row.values().length);
      }
    }
    for (Expected.Unspecified any : expected.unspecified()) {
      if (owner(any.slot(), of).equals(owner)) {
        results.set((int) any.at(), (int) (any.at() + any.count()));
      }
    }
    return results;
  }

  private static String owner(String slot, KernelCase of) {
    return of.slots().get(slot) instanceof Content.Same same ? owner(same.slot(), of) : slot;
  }
}
