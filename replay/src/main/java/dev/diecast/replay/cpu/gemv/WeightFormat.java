package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.gguf.TensorType;

/**
 * The bodies of one weight type on this machine.
 *
 * @param type the weight type
 * @param product rows times one vector
 * @param decoder blocks to floats
 * @param tiled whether several vectors at a time go through {@link PrefillTile}
 */
record WeightFormat(TensorType type, RowProduct product, BlockDecoder decoder, boolean tiled) {
  /** The best bodies for that width. */
  static WeightFormat of(TensorType type, VectorWidth width) {
    if (width == VectorWidth.SCALAR) {
      return new WeightFormat(type, new ScalarProduct(type), ScalarBlocks.of(type), false);
    }
    RowProduct product = width == VectorWidth.W512 ? wide(type) : new DecodedProduct(type);
    return new WeightFormat(type, product, VectorBlocks.of(type), true);
  }

  private static RowProduct wide(TensorType type) {
    return switch (type) {
      case Q4_0 -> new Q40Product();
      case Q4_K -> new Q4KProduct();
      case Q5_K -> new Q5KProduct();
      case Q6_K -> new Q6KProduct();
      case Q8_0 -> new Q80Product();
      case F16 -> new F16Product();
      case BF16 -> new Bf16Product();
      default -> new DecodedProduct(type);
    };
  }
}
