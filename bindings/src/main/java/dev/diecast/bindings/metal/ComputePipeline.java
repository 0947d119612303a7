package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsError;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;

/**
 * {@code MTLComputePipelineState}: a kernel compiled for this GPU.
 *
 * @param owned its ownership
 */
public record ComputePipeline(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLComputePipelineState");
  private static final Message NEW =
      Message.of("MTLDevice", "-newComputePipelineStateWithDescriptor:options:reflection:error:");
  private static final Message MAX_THREADS =
      Message.of("MTLComputePipelineState", "-maxTotalThreadsPerThreadgroup");
  private static final Message EXECUTION_WIDTH =
      Message.of("MTLComputePipelineState", "-threadExecutionWidth");
  private static final Message STATIC_MEMORY =
      Message.of("MTLComputePipelineState", "-staticThreadgroupMemoryLength");
  private static final Message INDIRECT =
      Message.of("MTLComputePipelineState", "-supportIndirectCommandBuffers");

  /**
   * A pipeline, from an archive of the descriptor's or compiled now.
   *
   * @throws MetalException if it does not compile, or no archive has it and {@code option} forbids
   *     compiling
   */
  public static ComputePipeline create(
      MetalDevice device, ComputePipelineDescriptor descriptor, PipelineOption option) {
    Owned settings = descriptor.build();
    try {
      long pipeline =
          NsError.object(
              NEW, error -> NEW.word(device.id(), settings.id(), option.value(), 0L, error));
      return new ComputePipeline(Owned.taking(pipeline, CONFORMANCE));
    } finally {
      settings.release();
    }
  }

  /** Most threads of a threadgroup that it can be dispatched with. */
  public long maxTotalThreadsPerThreadgroup() {
    return MAX_THREADS.word(id());
  }

  /** Threads of a SIMD group. */
  public long threadExecutionWidth() {
    return EXECUTION_WIDTH.word(id());
  }

  /** Bytes of threadgroup memory that the kernel itself declares. */
  public long staticThreadgroupMemoryLength() {
    return STATIC_MEMORY.word(id());
  }

  /** Whether indirect command buffers may use it. */
  public boolean supportsIndirectCommandBuffers() {
    return INDIRECT.flag(id());
  }
}
