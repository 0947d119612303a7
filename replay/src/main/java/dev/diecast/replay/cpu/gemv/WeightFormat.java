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
    return new WeightFormat(type, new DecodedProduct(type), VectorBlocks.of(type), true);
  }
}
