package dev.diecast.kernels.gpu;

import java.util.Map;
import java.util.Objects;

/**
 * What the written buffers hold after a dispatch.
 *
 * @param bySlot their bytes
 */
record Results(Map<String, byte[]> bySlot) {
  byte[] get(String slot) {
    return Objects.requireNonNull(bySlot.get(slot), slot);
  }
}
