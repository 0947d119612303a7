package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import java.util.Locale;
import java.util.Optional;

/**
 * The ggml tensor types: id in a GGUF, values per block, bytes per block. Facts from ggml's {@code
 * ggml.h} and {@code ggml-common.h}. The ids missing between them (4, 5, 31 to 33, 36 to 38) were
 * types that ggml has removed.
 */
public enum TensorType {
  F32(0, 1, 4, true),
  F16(1, 1, 2, true),
  Q4_0(2, 32, 18, true),
  Q4_1(3, 32, 20, true),
  Q5_0(6, 32, 22, true),
  Q5_1(7, 32, 24, true),
  Q8_0(8, 32, 34, true),
  Q8_1(9, 32, 36, false),
  Q2_K(10, 256, 84, false),
  Q3_K(11, 256, 110, false),
  Q4_K(12, 256, 144, true),
  Q5_K(13, 256, 176, true),
  Q6_K(14, 256, 210, true),
  Q8_K(15, 256, 292, false),
  IQ2_XXS(16, 256, 66, false),
  IQ2_XS(17, 256, 74, false),
  IQ3_XXS(18, 256, 98, false),
  IQ1_S(19, 256, 50, false),
  IQ4_NL(20, 32, 18, false),
  IQ3_S(21, 256, 110, false),
  IQ2_S(22, 256, 82, false),
  IQ4_XS(23, 256, 136, false),
  I8(24, 1, 1, false),
  I16(25, 1, 2, false),
  I32(26, 1, 4, false),
  I64(27, 1, 8, false),
  F64(28, 1, 8, false),
  IQ1_M(29, 256, 56, false),
  BF16(30, 1, 2, true),
  TQ1_0(34, 256, 54, false),
  TQ2_0(35, 256, 66, false),
  MXFP4(39, 32, 17, false),
  NVFP4(40, 64, 36, false),
  Q1_0(41, 128, 18, false),
  Q2_0(42, 64, 18, false);

  private final int id;
  private final int blockValues;
  private final int blockBytes;
  private final boolean runnable;

  TensorType(int id, int blockValues, int blockBytes, boolean runnable) {
    this.id = id;
    this.blockValues = blockValues;
    this.blockBytes = blockBytes;
    this.runnable = runnable;
  }

  /** The id in a GGUF tensor table. */
  public int id() {
    return id;
  }

  /** Values in one block. */
  public int blockValues() {
    return blockValues;
  }

  /** Bytes of one block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Whether kernels exist for it. */
  public boolean runnable() {
    return runnable;
  }

  /** The name in lower case, as kernels and shapes spell it: {@code q4_k}. */
  public String suffix() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Bytes of a row of that many values; throws when the row is not whole blocks or too long. */
  public long rowBytes(long values) {
    if (values < 0 || values % blockValues != 0) {
      throw new PlanException(
          "a row of "
              + values
              + " values is not a whole number of "
              + name()
              + " blocks of "
              + blockValues);
    }
    try {
      return Math.multiplyExact(values / blockValues, (long) blockBytes);
    } catch (ArithmeticException e) {
      throw new PlanException("a row of " + values + " values is too long", e);
    }
  }

  /** The type with that id, or empty when this version knows none. */
  public static Optional<TensorType> ofId(int id) {
    for (TensorType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type that {@link #suffix()} names, or empty. */
  public static Optional<TensorType> ofSuffix(String suffix) {
    for (TensorType type : values()) {
      if (type.suffix().equals(suffix)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
