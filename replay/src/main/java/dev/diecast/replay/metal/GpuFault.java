package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CommandBufferError;
import dev.diecast.bindings.metal.CommandQueueError4;
import dev.diecast.bindings.objc.MetalException;

/** Commands that the GPU did not finish. The message is Metal's own text. */
final class GpuFault extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is left to do after a fault. */
  enum Kind {
    /** A command went wrong: running them one by one tells which. */
    COMMAND,
    /** Memory ran out: no single command is to blame. */
    SHORTAGE,
    /** The GPU is gone, or this process may not use it any more. */
    DEVICE_LOST
  }

  private final Kind kind;

  GpuFault(Kind kind, String text) {
    super(text);
    this.kind = kind;
  }

  /** A command buffer's error. */
  static GpuFault of(MetalException error) {
    return new GpuFault(kind(error), String.valueOf(error.getMessage()));
  }

  Kind kind() {
    return kind;
  }

  private static Kind kind(MetalException error) {
    boolean metal4 = error.domain().startsWith("MTL4");
    return metal4 ? ofQueue4(error.code()) : ofCommandBuffer(error.code());
  }

  private static Kind ofCommandBuffer(long code) {
    if (code == CommandBufferError.OUT_OF_MEMORY.value()) {
      return Kind.SHORTAGE;
    }
    return code == CommandBufferError.DEVICE_REMOVED.value()
            || code == CommandBufferError.ACCESS_REVOKED.value()
            || code == CommandBufferError.NOT_PERMITTED.value()
        ? Kind.DEVICE_LOST
        : Kind.COMMAND;
  }

  private static Kind ofQueue4(long code) {
    if (code == CommandQueueError4.OUT_OF_MEMORY.value()) {
      return Kind.SHORTAGE;
    }
    return code == CommandQueueError4.DEVICE_REMOVED.value()
            || code == CommandQueueError4.ACCESS_REVOKED.value()
            || code == CommandQueueError4.NOT_PERMITTED.value()
        ? Kind.DEVICE_LOST
        : Kind.COMMAND;
  }
}
