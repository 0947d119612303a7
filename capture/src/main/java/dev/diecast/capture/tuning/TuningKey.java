package dev.diecast.capture.tuning;

import java.util.Comparator;

/**
 * What a choice is for.
 *
 * @param device {@code cpu}, or a device's own name: {@code metal}, {@code cuda}
 * @param kernel the kernel, or the family of kernels that share the choice: {@code attention}
 * @param shape the sizes that matter, as {@code name=value} in a fixed order: {@code heads=32
 *     kv_heads=4 dk=64 dv=64}
 */
public record TuningKey(String device, String kernel, String shape)
    implements Comparable<TuningKey> {
  private static final Comparator<TuningKey> ORDER =
      Comparator.comparing(TuningKey::device)
          .thenComparing(TuningKey::kernel)
          .thenComparing(TuningKey::shape);

  @Override
  public int compareTo(TuningKey other) {
    return ORDER.compare(this, other);
  }

  /** As it stands in the file: {@code cpu attention heads=32 kv_heads=4 dk=64 dv=64}. */
  @Override
  public String toString() {
    return device + " " + kernel + " " + shape;
  }
}
