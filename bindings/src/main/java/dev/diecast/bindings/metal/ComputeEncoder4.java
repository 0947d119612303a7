package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.DispatchSizes;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.NsString;

/**
 * {@code MTL4ComputeCommandEncoder}: writes dispatches into a {@link CommandBuffer4}. It lives for
 * a token, so it is a plain {@code long}, which all methods take first; pipelines and argument
 * tables are ids too. Nothing orders dispatches but barriers. Stages are masks of {@link Stages}.
 */
public final class ComputeEncoder4 {
  static final Conformance CONFORMANCE =
      Conformance.to("MTL4ComputeCommandEncoder", "MTL4CommandEncoder");
  private static final String COMPUTE = "MTL4ComputeCommandEncoder";
  private static final String ENCODER = "MTL4CommandEncoder";
  private static final Message SET_PIPELINE = Message.of(COMPUTE, "-setComputePipelineState:");
  private static final Message SET_ARGUMENTS = Message.of(COMPUTE, "-setArgumentTable:");
  private static final Message SET_THREADGROUP_MEMORY =
      Message.of(COMPUTE, "-setThreadgroupMemoryLength:atIndex:");
  private static final Message DISPATCH =
      Message.of(COMPUTE, "-dispatchThreadgroups:threadsPerThreadgroup:");
  private static final Message EXECUTE = Message.of(COMPUTE, "-executeCommandsInBuffer:withRange:");
  private static final Message TIMESTAMP =
      Message.of(COMPUTE, "-writeTimestampWithGranularity:intoHeap:atIndex:");
  private static final Message BARRIER =
      Message.of(ENCODER, "-barrierAfterEncoderStages:beforeEncoderStages:visibilityOptions:");
  private static final Message QUEUE_BARRIER =
      Message.of(ENCODER, "-barrierAfterQueueStages:beforeStages:visibilityOptions:");
  private static final Message PUSH_GROUP = Message.of(ENCODER, "-pushDebugGroup:");
  private static final Message POP_GROUP = Message.of(ENCODER, "-popDebugGroup");
  private static final Message END = Message.of(ENCODER, "-endEncoding");

  private ComputeEncoder4() {}

  /** What the following dispatches run. */
  public static void setPipeline(long encoder, long pipeline) {
    SET_PIPELINE.send(encoder, pipeline);
  }

  /**
   * Where the following dispatches find their arguments; the table is read when they are encoded.
   */
  public static void setArgumentTable(long encoder, long table) {
    SET_ARGUMENTS.send(encoder, table);
  }

  /** Gives a threadgroup-memory slot its length: a multiple of 16 bytes. */
  public static void setThreadgroupMemory(long encoder, long bytes, long index) {
    SET_THREADGROUP_MEMORY.send(encoder, bytes, index);
  }

  /** Runs the pipeline over a grid. */
  public static void dispatch(long encoder, DispatchSizes sizes) {
    DISPATCH.sendSizes(encoder, sizes);
  }

  /** Runs {@code count} commands of an indirect command buffer from {@code first}. */
  public static void execute(long encoder, long commands, long first, long count) {
    EXECUTE.send(encoder, commands, first, count);
  }

  /**
   * Lets stages {@code before} of later commands of this encoder wait for stages {@code after} of
   * earlier ones.
   */
  public static void barrier(long encoder, long after, long before, Visibility4 visibility) {
    BARRIER.send(encoder, after, before, visibility.value());
  }

  /**
   * Lets stages {@code before} of this encoder wait for stages {@code after} of earlier encoders of
   * the queue.
   */
  public static void queueBarrier(long encoder, long after, long before, Visibility4 visibility) {
    QUEUE_BARRIER.send(encoder, after, before, visibility.value());
  }

  /** Writes the GPU's clock into an entry of a counter heap. */
  public static void writeTimestamp(
      long encoder, TimestampGranularity4 granularity, CounterHeap4 heap, long index) {
    TIMESTAMP.send(encoder, granularity.value(), heap.id(), index);
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
