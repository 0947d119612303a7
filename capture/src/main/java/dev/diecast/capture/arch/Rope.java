package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rotary position embedding (arXiv 2104.09864): pair i turns by {@code position * base^(-2i/dims)},
 * scaled.
 *
 * @param dims columns of a head that turn
 * @param base the longest wavelength over 2 pi, about
 * @param magnitude what cos and sin are multiplied by
 */
record Rope(int dims, double base, RopeScaling scaling, double magnitude) {
  /** The rotation of heads of that length. */
  static Rope read(HyperParameters keys, int headLength) {
    return read(keys, keys.count("rope.dimension_count", headLength, headLength), headLength);
  }

  private static Rope read(HyperParameters keys, int dims, int headLength) {
    keys.require(
        dims > 0 && dims % 2 == 0 && dims <= headLength,
        "rope.dimension_count",
        dims + ", expected an even number up to the head length " + headLength);
    double base = keys.positive("rope.freq_base", 10000);
    RopeScaling scaling = RopeScaling.read(keys, base);
    double magnitude = scaling.magnitude() * keys.positive("rope.scaling.attn_factor", 1);
    return new Rope(dims, base, scaling, magnitude);
  }

  Rope withMagnitude(double other) {
    return new Rope(dims, base, scaling, other);
  }

  /** The angles of a step, once per graph. {@code rope_freqs.weight} divides the frequencies. */
  Value angles(Tracer t, WeightReader reader) {
    double[] divisors = divisors(t, reader);
    List<Double> inverse = new ArrayList<>();
    for (int i = 0; i < dims / 2; i++) {
      double plain = Math.pow(base, -2.0 * i / dims);
      inverse.add(plain * scaling.at(i, dims, base) / divisors[i]);
    }
    return t.ropeAngles(inverse, magnitude);
  }

  private double[] divisors(Tracer t, WeightReader reader) {
    double[] divisors = new double[dims / 2];
    if (!t.has("rope_freqs", "weight")) {
      Arrays.fill(divisors, 1);
      return divisors;
    }
    TensorInfo tensor = t.constant("rope_freqs", dims / 2);
    reader.readRow(tensor, 0, divisors);
    for (int i = 0; i < divisors.length; i++) {
      if (!Double.isFinite(divisors[i]) || divisors[i] <= 0) {
        throw t.error(
            "tensor %s has %s at %d, expected a finite number above 0"
                .formatted(tensor.name(), divisors[i], i));
      }
    }
    return divisors;
  }
}
