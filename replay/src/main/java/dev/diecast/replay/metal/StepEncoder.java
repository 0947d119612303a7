package dev.diecast.replay.metal;

import dev.diecast.bindings.objc.OwnedObject;
import java.util.List;

/** Puts the commands of a program into a compute encoder of a command buffer. */
interface StepEncoder extends AutoCloseable {
  /**
   * Encodes commands {@code from} to {@code to}, the last excluded; allocates nothing.
   *
   * @param encoder a concurrent compute encoder
   */
  void encode(long encoder, int program, int from, int to);

  /** Objects that have to be resident besides the memory. */
  List<? extends OwnedObject> allocations();

  @Override
  void close();
}
