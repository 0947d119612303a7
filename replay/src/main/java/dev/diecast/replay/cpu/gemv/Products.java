package dev.diecast.replay.cpu.gemv;

import dev.diecast.plans.gguf.TensorType;
import java.util.EnumMap;
import java.util.Map;

/** Lays out the products of the same vectors; those of one weight type share what is packed. */
final class Products {
  private final ScratchLayout layout;
  private final int slots;
  private final Map<TensorType, PackedVectors> packed = new EnumMap<>(TensorType.class);

  /**
   * Products in that scratch.
   *
   * @param slots how many vectors of a type stay packed at a time
   */
  Products(ScratchLayout layout, int slots) {
    this.layout = layout;
    this.slots = slots;
  }

  Product of(Weights weights) {
    WeightFormat format = weights.format();
    int cols = weights.matrix().cols();
    PackedVectors room =
        packed.computeIfAbsent(
            format.type(), type -> PackedVectors.in(layout, format.product(), cols, slots));
    return new Product(weights, room, new PrefillTile(format.type(), format.decoder()));
  }
}
