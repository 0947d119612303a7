package dev.diecast.tests.softmetal;

import dev.diecast.bindings.metal.BinaryArchive;
import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CommandQueue;
import dev.diecast.bindings.metal.CompileOptions;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.ComputePipelineDescriptor;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.FunctionConstants;
import dev.diecast.bindings.metal.IndirectCommandBuffer;
import dev.diecast.bindings.metal.IndirectComputeCommand;
import dev.diecast.bindings.metal.LanguageVersion;
import dev.diecast.bindings.metal.MathFunctions;
import dev.diecast.bindings.metal.MathMode;
import dev.diecast.bindings.metal.Metal;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalFunction;
import dev.diecast.bindings.metal.MetalLibrary;
import dev.diecast.bindings.metal.PipelineOption;
import dev.diecast.bindings.metal.ResourceUsage;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.objc.DispatchSizes;
import dev.diecast.bindings.objc.MetalException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A device, a queue and a few small kernels for tests of the rules; closes all that it made. */
final class Gpu implements AutoCloseable {
  static final int COUNT = 64;

  private static final String SOURCE =
      """
      #include <metal_stdlib>
      using namespace metal;

      struct Amount { float by; uint pad[3]; };

      kernel void add(device const float* x [[buffer(0)]],
                      device float* y [[buffer(1)]],
                      constant Amount& amount [[buffer(2)]],
                      uint i [[thread_position_in_grid]]) {
        y[i] = x[i] + amount.by;
      }

      kernel void doubled(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {
        x[i] = x[i] * 2.0f;
      }

      kernel void add_one(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {
        x[i] = x[i] + 1.0f;
      }

      kernel void reversed(device float* x [[buffer(0)]],
                           threadgroup float* shared [[threadgroup(0)]],
                           uint i [[thread_position_in_threadgroup]],
                           uint n [[threads_per_threadgroup]]) {
        shared[i] = x[i];
        threadgroup_barrier(mem_flags::mem_threadgroup);
        x[i] = shared[n - 1 - i];
      }
      """;

  /** In a library of its own, since every pipeline of a library needs all its constants. */
  private static final String STEPPED =
      """
      #include <metal_stdlib>
      using namespace metal;

      constant uint STEP [[function_constant(0)]];

      kernel void stepped(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {
        x[i] = x[i] + float(STEP);
      }
      """;

  private static final CompileOptions OPTIONS =
      new CompileOptions(LanguageVersion.V3_0, MathMode.SAFE, MathFunctions.PRECISE);

  final Arena arena = Arena.ofConfined();
  final MetalDevice device;
  final CommandQueue queue;
  final MetalLibrary library;
  private final List<AutoCloseable> made = new ArrayList<>();

  Gpu() {
    try {
      device = keep(Metal.defaultDevice());
      queue = keep(CommandQueue.create(device, 64));
      library = keep(MetalLibrary.compile(device, SOURCE, OPTIONS));
    } catch (MetalException e) {
      close();
      throw e;
    }
  }

  /** Closes an object with the others. */
  <T extends AutoCloseable> T keep(T object) {
    made.add(object);
    return object;
  }

  /** A pipeline of one of the kernels. */
  ComputePipeline pipeline(String name, boolean indirect) {
    return pipeline(name, indirect, List.of());
  }

  ComputePipeline pipeline(String name, boolean indirect, List<BinaryArchive> archives) {
    try (MetalFunction function = library.function(name)) {
      return keep(
          ComputePipeline.create(
              device,
              new ComputePipelineDescriptor(function, name, 0, indirect, archives),
              PipelineOption.NONE));
    }
  }

  /** A pipeline of the kernel that adds its constant. */
  ComputePipeline stepped(FunctionConstants constants) {
    MetalLibrary other = keep(MetalLibrary.compile(device, STEPPED, OPTIONS));
    try (MetalFunction function = other.function("stepped", constants)) {
      return keep(
          ComputePipeline.create(
              device,
              new ComputePipelineDescriptor(function, "stepped", 0, false, List.of()),
              PipelineOption.NONE));
    }
  }

  /** A buffer of {@link #COUNT} floats, each its index. */
  MetalBuffer counting() {
    MetalBuffer buffer = keep(MetalBuffer.create(device, COUNT * Float.BYTES, 0));
    for (int i = 0; i < COUNT; i++) {
      buffer.contents().setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
    }
    return buffer;
  }

  /** A buffer of the struct that {@code add} reads. */
  MetalBuffer amount(float by) {
    MetalBuffer buffer = keep(MetalBuffer.create(device, 16, 0));
    buffer.contents().set(ValueLayout.JAVA_FLOAT, 0, by);
    return buffer;
  }

  /** Two threadgroups of 32 threads. */
  DispatchSizes sizes() {
    return new DispatchSizes(arena, COUNT / 32, 1, 1, 32, 1, 1);
  }

  /** Encodes, commits and waits; what failed, if it did. */
  Optional<MetalException> run(DispatchType type, LongConsumer encoding) {
    return run(queue.commandBuffer(), type, encoding);
  }

  Optional<MetalException> run(long commands, DispatchType type, LongConsumer encoding) {
    encode(commands, type, encoding);
    CommandBuffer.commit(commands);
    CommandBuffer.waitUntilCompleted(commands);
    return CommandBuffer.failure(commands);
  }

  /** An event that holds back what awaits its value 1: the GPU cannot be done before. */
  SharedEvent gate() {
    return keep(SharedEvent.create(device));
  }

  /** One encoder from begin to end. */
  void encode(long commands, DispatchType type, LongConsumer encoding) {
    long encoder = CommandBuffer.computeEncoder(commands, type);
    encoding.accept(encoder);
    ComputeCommandEncoder.end(encoder);
  }

  /** Dispatches a kernel of one buffer. */
  void dispatch(long encoder, ComputePipeline pipeline, MetalBuffer buffer) {
    ComputeCommandEncoder.setPipeline(encoder, pipeline.id());
    ComputeCommandEncoder.setBuffer(encoder, buffer.id(), 0, 0);
    ComputeCommandEncoder.dispatch(encoder, sizes());
  }

  /** An indirect command buffer of so many commands with four slots. */
  IndirectCommandBuffer indirect(long commands) {
    return keep(IndirectCommandBuffer.create(device, commands, 4, 1, 0));
  }

  /** Writes a command of a kernel of one buffer. */
  void command(
      IndirectCommandBuffer commands,
      long index,
      ComputePipeline pipeline,
      MetalBuffer buffer,
      boolean barrier) {
    long command = commands.command(index);
    IndirectComputeCommand.setPipeline(command, pipeline.id());
    IndirectComputeCommand.setBuffer(command, buffer.id(), 0, 0);
    IndirectComputeCommand.dispatch(command, sizes());
    if (barrier) {
      IndirectComputeCommand.setBarrier(command);
    }
  }

  /** Executes all commands, with these buffers marked as used. */
  Optional<MetalException> execute(IndirectCommandBuffer commands, MetalBuffer... used) {
    return run(
        DispatchType.CONCURRENT,
        encoder -> {
          for (MetalBuffer buffer : used) {
            ComputeCommandEncoder.useResource(
                encoder, buffer.id(), ResourceUsage.READ.value() | ResourceUsage.WRITE.value());
          }
          ComputeCommandEncoder.execute(encoder, commands.id(), 0, commands.size());
        });
  }

  static float[] floats(MetalBuffer buffer) {
    MemorySegment contents = buffer.contents();
    return contents.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public void close() {
    try {
      for (AutoCloseable each : made.reversed()) {
        each.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("could not be closed", e);
    }
    arena.close();
  }
}
