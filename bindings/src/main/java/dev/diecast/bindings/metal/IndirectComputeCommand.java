package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.DispatchSizes;
import dev.diecast.bindings.objc.Message;

/**
 * {@code MTLIndirectComputeCommand}: one dispatch of an {@link IndirectCommandBuffer}. It is a
 * plain {@code long} from {@link IndirectCommandBuffer#command}, which all methods take first;
 * pipelines and buffers are ids too. It must not be changed while work that runs it is under way.
 */
public final class IndirectComputeCommand {
  static final Conformance CONFORMANCE = Conformance.to("MTLIndirectComputeCommand");
  private static final String COMMAND = "MTLIndirectComputeCommand";
  private static final Message SET_PIPELINE = Message.of(COMMAND, "-setComputePipelineState:");
  private static final Message SET_BUFFER = Message.of(COMMAND, "-setKernelBuffer:offset:atIndex:");
  private static final Message SET_THREADGROUP_MEMORY =
      Message.of(COMMAND, "-setThreadgroupMemoryLength:atIndex:");
  private static final Message DISPATCH =
      Message.of(COMMAND, "-concurrentDispatchThreadgroups:threadsPerThreadgroup:");
  private static final Message SET_BARRIER = Message.of(COMMAND, "-setBarrier");
  private static final Message CLEAR_BARRIER = Message.of(COMMAND, "-clearBarrier");
  private static final Message RESET = Message.of(COMMAND, "-reset");

  private IndirectComputeCommand() {}

  /** What it runs; the pipeline must allow indirect command buffers. */
  public static void setPipeline(long command, long pipeline) {
    SET_PIPELINE.send(command, pipeline);
  }

  /** Binds one slot. The offset must be below 2^32: the GPU keeps no more of it. */
  public static void setBuffer(long command, long buffer, long offset, long index) {
    SET_BUFFER.send(command, buffer, offset, index);
  }

  /** Gives a threadgroup-memory slot its length: a multiple of 16 bytes. */
  public static void setThreadgroupMemory(long command, long bytes, long index) {
    SET_THREADGROUP_MEMORY.send(command, bytes, index);
  }

  /** Over which grid it runs. */
  public static void dispatch(long command, DispatchSizes sizes) {
    DISPATCH.sendSizes(command, sizes);
  }

  /** Lets it wait for all earlier commands. */
  public static void setBarrier(long command) {
    SET_BARRIER.send(command);
  }

  /** Lets it overlap with earlier commands. */
  public static void clearBarrier(long command) {
    CLEAR_BARRIER.send(command);
  }

  /** Empties it, so that it can be encoded anew. */
  public static void reset(long command) {
    RESET.send(command);
  }
}
