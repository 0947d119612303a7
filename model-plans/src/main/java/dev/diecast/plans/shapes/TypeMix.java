package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The kinds of GGUF files that people share, by the type each gives to a tensor. The rules are
 * those of llama.cpp's {@code llama-quantize} without an importance matrix.
 */
enum TypeMix {
  F32(0, TensorType.F32),
  F16(1, TensorType.F16),
  BF16(32, TensorType.BF16),
  Q4_0(2, TensorType.Q4_0),
  Q4_1(3, TensorType.Q4_1),
  Q5_0(8, TensorType.Q5_0),
  Q5_1(9, TensorType.Q5_1),
  Q8_0(7, TensorType.Q8_0),
  Q4_K_M(15, TensorType.Q4_K),
  Q5_K_M(17, TensorType.Q5_K),
  Q6_K(18, TensorType.Q6_K);

  /** What a tensor is for, as far as its type depends on it. */
  enum Role {
    /** A matrix like most. */
    PLAIN,
    /** The value projection and the FFN's last one: the M mixes spend more bits in some layers. */
    SENSITIVE,
    /** The output matrix, or a token embedding that serves as one. */
    OUTPUT
  }

  private final int fileType;
  private final TensorType type;

  TypeMix(int fileType, TensorType type) {
    this.fileType = fileType;
    this.type = type;
  }

  /** The value of {@code general.file_type}. */
  int fileType() {
    return fileType;
  }

  /** The name in lower case: {@code q4_k_m}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(TypeMix::label).toList();
  }

  static Optional<TypeMix> ofLabel(String label) {
    return Arrays.stream(values()).filter(mix -> mix.label().equals(label)).findFirst();
  }

  /** The type of a matrix with rows of that length in that layer of so many. */
  TensorType typeOf(Role role, long rowLength, int layer, int layers) {
    TensorType wanted =
        switch (role) {
          case PLAIN -> type;
          case SENSITIVE -> isMedium() && getsMoreBits(layer, layers) ? TensorType.Q6_K : type;
          case OUTPUT -> isQuantised() && type != TensorType.Q8_0 ? TensorType.Q6_K : type;
        };
    return fitting(wanted, rowLength);
  }

  private boolean isQuantised() {
    return type.blockValues() > 1;
  }

  private boolean isMedium() {
    return this == Q4_K_M || this == Q5_K_M;
  }

  /** The first and last eighth of the layers, and every third between. */
  private static boolean getsMoreBits(int layer, int layers) {
    return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
  }

  /** The next larger type with smaller blocks where the row is not whole blocks. */
  private static TensorType fitting(TensorType type, long rowLength) {
    if (rowLength % type.blockValues() == 0) {
      return type;
    }
    TensorType smaller =
        switch (type) {
          case Q4_K -> TensorType.Q5_0;
          case Q5_K -> TensorType.Q5_1;
          case Q6_K -> TensorType.Q8_0;
          default -> TensorType.F16;
        };
    return fitting(smaller, rowLength);
  }
}
