package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.DispatchSizes;
import dev.diecast.bindings.objc.IdArray;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.NsString;

/**
 * {@code MTLComputeCommandEncoder}: writes dispatches into a command buffer. It lives for a token,
 * so it is a plain {@code long} from {@link CommandBuffer}, which all methods take first; pipelines
 * and buffers are ids too.
 */
public final class ComputeCommandEncoder {
  static final Conformance CONFORMANCE =
      Conformance.to("MTLComputeCommandEncoder", "MTLCommandEncoder");
  private static final String ENCODER = "MTLComputeCommandEncoder";
  private static final Message SET_PIPELINE = Message.of(ENCODER, "-setComputePipelineState:");
  private static final Message SET_BUFFER = Message.of(ENCODER, "-setBuffer:offset:atIndex:");
  private static final Message SET_BUFFERS = Message.of(ENCODER, "-setBuffers:offsets:withRange:");
  private static final Message SET_THREADGROUP_MEMORY =
      Message.of(ENCODER, "-setThreadgroupMemoryLength:atIndex:");
  private static final Message DISPATCH =
      Message.of(ENCODER, "-dispatchThreadgroups:threadsPerThreadgroup:");
  private static final Message BARRIER = Message.of(ENCODER, "-memoryBarrierWithScope:");
  private static final Message WAIT_FOR_FENCE = Message.of(ENCODER, "-waitForFence:");
  private static final Message UPDATE_FENCE = Message.of(ENCODER, "-updateFence:");
  private static final Message USE_RESOURCE = Message.of(ENCODER, "-useResource:usage:");
  private static final Message USE_RESOURCES = Message.of(ENCODER, "-useResources:count:usage:");
  private static final Message USE_HEAP = Message.of(ENCODER, "-useHeap:");
  private static final Message EXECUTE = Message.of(ENCODER, "-executeCommandsInBuffer:withRange:");
  private static final Message SET_LABEL = Message.of("MTLCommandEncoder", "-setLabel:");
  private static final Message PUSH_GROUP = Message.of("MTLCommandEncoder", "-pushDebugGroup:");
  private static final Message POP_GROUP = Message.of("MTLCommandEncoder", "-popDebugGroup");
  private static final Message END = Message.of("MTLCommandEncoder", "-endEncoding");

  private ComputeCommandEncoder() {}

  /** Names it for captures and error reports. */
  public static void setLabel(long encoder, String label) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      SET_LABEL.send(encoder, NsString.of(label));
    }
  }

  /** What the following dispatches run. */
  public static void setPipeline(long encoder, long pipeline) {
    SET_PIPELINE.send(encoder, pipeline);
  }

  /** Binds one slot. */
  public static void setBuffer(long encoder, long buffer, long offset, long index) {
    SET_BUFFER.send(encoder, buffer, offset, index);
  }

  /**
   * Binds slots {@code first} to {@code first + count - 1} at once.
   *
   * @param buffers address of {@code count} buffers, see {@link IdArray}
   * @param offsets address of as many offsets, as numbers of 64 bits
   */
  public static void setBuffers(long encoder, long buffers, long offsets, long first, long count) {
    SET_BUFFERS.send(encoder, buffers, offsets, first, count);
  }

  /** Gives a threadgroup-memory slot its length: a multiple of 16 bytes. */
  public static void setThreadgroupMemory(long encoder, long bytes, long index) {
    SET_THREADGROUP_MEMORY.send(encoder, bytes, index);
  }

  /** Runs the pipeline over a grid. */
  public static void dispatch(long encoder, DispatchSizes sizes) {
    DISPATCH.sendSizes(encoder, sizes);
  }

  /** Lets later dispatches of this encoder see what earlier ones wrote. */
  public static void barrier(long encoder, BarrierScope scope) {
    BARRIER.send(encoder, scope.value());
  }

  /** Lets this encoder wait for the encoders before it that update the fence. */
  public static void waitForFence(long encoder, long fence) {
    WAIT_FOR_FENCE.send(encoder, fence);
  }

  /** Lets encoders after this one that wait for the fence wait for this one. */
  public static void updateFence(long encoder, long fence) {
    UPDATE_FENCE.send(encoder, fence);
  }

  /**
   * Makes a resource that is bound indirectly resident for this encoder; {@code usage} is a mask.
   */
  public static void useResource(long encoder, long resource, long usage) {
    USE_RESOURCE.send(encoder, resource, usage);
  }

  /**
   * Makes many resources resident for this encoder; {@code usage} is a mask of {@link
   * ResourceUsage}.
   */
  public static void useResources(long encoder, IdArray resources, long usage) {
    USE_RESOURCES.send(encoder, resources.address(), resources.count(), usage);
  }

  /** Makes all of a heap resident for this encoder, to be read. */
  public static void useHeap(long encoder, MetalHeap heap) {
    USE_HEAP.send(encoder, heap.id());
  }

  /** Runs {@code count} commands of an indirect command buffer from {@code first}. */
  public static void execute(long encoder, long commands, long first, long count) {
    EXECUTE.send(encoder, commands, first, count);
  }

  /** Opens a named group for captures, until {@link #popDebugGroup}. */
  public static void pushDebugGroup(long encoder, String name) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      PUSH_GROUP.send(encoder, NsString.of(name));
    }
  }

  /** Closes the group that was opened last. */
  public static void popDebugGroup(long encoder) {
    POP_GROUP.send(encoder);
  }

  /** Ends encoding; the encoder is of no more use. */
  public static void end(long encoder) {
    END.send(encoder);
  }
}
