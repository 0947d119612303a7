package dev.diecast.plans.verify;

import dev.diecast.kernels.ArgReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values of a slot that a kernel touches: {@code width} of them, one after the other, repeated
 * along each axis. All numbers are arguments of the kernel.
 *
 * @param slot its name
 * @param valueBytes bytes of one value
 * @param width values that lie together
 * @param axes along which they repeat
 */
record Span(String slot, int valueBytes, Amount width, List<Axis> axes) {
  /** A sum of arguments and numbers, such as {@code latent + n_rot}. */
  record Amount(List<String> terms) {
    static Amount of(String sum) {
      return new Amount(List.of(sum.split(" \\+ ")));
    }

    /** Its value, of int32 arguments. */
    long in(ArgReader args) {
      return terms.stream()
          .mapToLong(
              term -> Character.isDigit(term.charAt(0)) ? Long.parseLong(term) : args.i32(term))
          .sum();
    }

    @Override
    public String toString() {
      return String.join(" + ", terms);
    }
  }

  /**
   * So many repetitions.
   *
   * @param stride values from one to the next; null when they lie packed
   */
  record Axis(Amount count, @Nullable Amount stride) {}

  /** An axis with its numbers. */
  record Step(long count, long stride) {}

  /** Float32 values in a row. */
  static Span floats(String slot, String width) {
    return new Span(slot, Float.BYTES, Amount.of(width), List.of());
  }

  /** A row of float32 values for each token, {@code S_stride} apart. */
  static Span rows(String slot, String width) {
    return floats(slot, width).by("n_tokens", slot + "_stride");
  }

  /** Rows of the KV cache for each position, float16. */
  static Span cache(String slot, String width, String stride) {
    return new Span(slot, Short.BYTES, Amount.of(width), List.of()).by("capacity", stride);
  }

  /** The same repeated every {@code stride} values. */
  Span by(String count, String stride) {
    return along(new Axis(Amount.of(count), Amount.of(stride)));
  }

  /** The same repeated with nothing between, count by count. */
  Span packed(String... counts) {
    Span span = this;
    for (String count : counts) {
      span = span.along(new Axis(Amount.of(count), null));
    }
    return span;
  }

  private Span along(Axis axis) {
    return new Span(
        slot, valueBytes, width, Stream.concat(axes.stream(), Stream.of(axis)).toList());
  }

  /**
   * Values from the first to behind the last.
   *
   * @throws ArithmeticException when that is no 64-bit number
   */
  static long reach(long width, List<Step> steps) {
    long reach = width;
    for (Step step : steps) {
      reach = Math.addExact(reach, Math.multiplyExact(step.count() - 1, step.stride()));
    }
    return reach;
  }

  /** Whether no value is touched twice: each step is as long as all that lies within it. */
  static boolean disjoint(long width, List<Step> steps) {
    List<Step> ascending = new ArrayList<>(steps);
    ascending.removeIf(step -> step.count() == 1);
    ascending.sort(Comparator.comparingLong(Step::stride));
    for (int i = 0; i < ascending.size(); i++) {
      if (ascending.get(i).stride() < reach(width, ascending.subList(0, i))) {
        return false;
      }
    }
    return true;
  }
}
