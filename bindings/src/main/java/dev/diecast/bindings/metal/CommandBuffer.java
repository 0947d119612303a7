package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Block;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsError;
import dev.diecast.bindings.objc.NsString;
import java.util.List;
import java.util.Optional;

/**
 * {@code MTLCommandBuffer}: encoded work that runs once. It lives for a token, so it is a plain
 * {@code long} from {@link CommandQueue}, which all methods take first.
 */
public final class CommandBuffer {
  static final Conformance CONFORMANCE = Conformance.to("MTLCommandBuffer");
  private static final Message SET_LABEL = Message.of("MTLCommandBuffer", "-setLabel:");
  private static final Message KERNEL_START = Message.of("MTLCommandBuffer", "-kernelStartTime");
  private static final Message KERNEL_END = Message.of("MTLCommandBuffer", "-kernelEndTime");
  private static final Message GPU_START = Message.of("MTLCommandBuffer", "-GPUStartTime");
  private static final Message GPU_END = Message.of("MTLCommandBuffer", "-GPUEndTime");
  private static final Message ENQUEUE = Message.of("MTLCommandBuffer", "-enqueue");
  private static final Message COMMIT = Message.of("MTLCommandBuffer", "-commit");
  private static final Message ADD_COMPLETED_HANDLER =
      Message.of("MTLCommandBuffer", "-addCompletedHandler:");
  private static final Message WAIT = Message.of("MTLCommandBuffer", "-waitUntilCompleted");
  private static final Message STATUS = Message.of("MTLCommandBuffer", "-status");
  private static final Message ERROR = Message.of("MTLCommandBuffer", "-error");
  private static final Message COMPUTE_ENCODER =
      Message.of("MTLCommandBuffer", "-computeCommandEncoderWithDispatchType:");
  private static final Message COMPUTE_ENCODER_OF_PASS =
      Message.of("MTLCommandBuffer", "-computeCommandEncoderWithDescriptor:");
  private static final Message SIGNAL = Message.of("MTLCommandBuffer", "-encodeSignalEvent:value:");
  private static final Message AWAIT = Message.of("MTLCommandBuffer", "-encodeWaitForEvent:value:");
  private static final Message USE_RESIDENCY_SET =
      Message.of("MTLCommandBuffer", "-useResidencySet:");
  private static final List<CommandBufferStatus> STATUSES = List.of(CommandBufferStatus.values());

  private CommandBuffer() {}

  /** Names it for captures and error reports. */
  public static void setLabel(long commandBuffer, String label) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      SET_LABEL.send(commandBuffer, NsString.of(label));
    }
  }

  /**
   * A {@link ComputeCommandEncoder} that belongs to the caller's autorelease pool. One is open at a
   * time.
   */
  public static long computeEncoder(long commandBuffer, DispatchType type) {
    long encoder = COMPUTE_ENCODER.word(commandBuffer, type.value());
    return ComputeCommandEncoder.CONFORMANCE.check(COMPUTE_ENCODER.notNil(encoder));
  }

  /**
   * A {@link ComputeCommandEncoder} as a {@link ComputePassDescriptor} describes it; it belongs to
   * the caller's autorelease pool.
   */
  public static long computeEncoder(long commandBuffer, long pass) {
    long encoder = COMPUTE_ENCODER_OF_PASS.word(commandBuffer, pass);
    return ComputeCommandEncoder.CONFORMANCE.check(COMPUTE_ENCODER_OF_PASS.notNil(encoder));
  }

  /** Signals the event with the value when all work before this is done. No encoder may be open. */
  public static void signal(long commandBuffer, SharedEvent event, long value) {
    SIGNAL.send(commandBuffer, event.id(), value);
  }

  /** Lets all work after this wait for the event to reach the value. No encoder may be open. */
  public static void await(long commandBuffer, SharedEvent event, long value) {
    AWAIT.send(commandBuffer, event.id(), value);
  }

  /** Makes a residency set resident while this command buffer runs. macOS 15. */
  public static void useResidencySet(long commandBuffer, ResidencySet set) {
    USE_RESIDENCY_SET.require(commandBuffer);
    USE_RESIDENCY_SET.send(commandBuffer, set.id());
  }

  /**
   * Calls the block with this command buffer, on a thread of Metal's, when it is done. Before
   * {@link #commit}.
   */
  public static void addCompletedHandler(long commandBuffer, Block handler) {
    ADD_COMPLETED_HANDLER.send(commandBuffer, handler.id());
  }

  /** Takes its place in the queue before it is committed. */
  public static void enqueue(long commandBuffer) {
    ENQUEUE.send(commandBuffer);
  }

  /** Hands it to the GPU; nothing can be encoded any more. */
  public static void commit(long commandBuffer) {
    COMMIT.send(commandBuffer);
  }

  /** Blocks until it is done, well or badly. */
  public static void waitUntilCompleted(long commandBuffer) {
    WAIT.send(commandBuffer);
  }

  /** How far it has come. */
  public static CommandBufferStatus status(long commandBuffer) {
    long status = STATUS.word(commandBuffer);
    if (status < 0 || status >= STATUSES.size()) {
      throw new MetalException("a command buffer has the unknown status " + status);
    }
    return STATUSES.get((int) status);
  }

  /** Why it failed, with Metal's own text, or nothing if it did not. */
  public static Optional<MetalException> failure(long commandBuffer) {
    if (status(commandBuffer) != CommandBufferStatus.ERROR) {
      return Optional.empty();
    }
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return Optional.of(NsError.failure("command buffer", ERROR.word(commandBuffer)));
    }
  }

  /** When the GPU began, in seconds; 0 before it is done. */
  public static double gpuStartTime(long commandBuffer) {
    return GPU_START.real(commandBuffer);
  }

  /** When the GPU was done, in seconds; 0 before that. */
  public static double gpuEndTime(long commandBuffer) {
    return GPU_END.real(commandBuffer);
  }

  /** When the processor began to schedule it, in seconds. */
  public static double kernelStartTime(long commandBuffer) {
    return KERNEL_START.real(commandBuffer);
  }

  /** When the processor had scheduled it, in seconds. */
  public static double kernelEndTime(long commandBuffer) {
    return KERNEL_END.real(commandBuffer);
  }
}
