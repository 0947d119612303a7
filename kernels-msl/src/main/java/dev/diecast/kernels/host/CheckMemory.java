package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.MslArgument;
import dev.diecast.kernels.msl.MslException;
import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.StructLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes the memory that a case describes, the same every time. */
final class CheckMemory {
  private static final long ALIGNMENT = 256;
  private static final long SEED = 42;

  private final MslModule module;
  private final MslKernel kernel;
  private final CheckCase described;
  private final Arena arena;

  CheckMemory(MslModule module, MslKernel kernel, CheckCase described, Arena arena) {
    this.module = module;
    this.kernel = kernel;
    this.described = described;
    this.arena = arena;
  }

  Map<String, HostBuffer> buffers() {
    var buffers = new LinkedHashMap<String, HostBuffer>();
    for (MslArgument argument : kernel.arguments()) {
      CheckInput input = described.inputs().get(argument.name());
      if (input != null) {
        buffers.put(argument.name(), buffer(argument, input));
      }
    }
    return buffers;
  }

  private HostBuffer buffer(MslArgument argument, CheckInput input) {
    return switch (input) {
      case CheckInput.Threadgroup threadgroup -> new HostBuffer.Threadgroup(threadgroup.bytes());
      case CheckInput.Values values -> HostBuffer.of(pack(argument, values));
      case CheckInput.Buffer buffer ->
          buffer.fill() == CheckInput.Fill.UNDEFINED
              ? HostBuffer.undefined(allocate(buffer))
              : HostBuffer.of(filled(buffer));
    };
  }

  private MemorySegment allocate(CheckInput.Buffer buffer) {
    long bytes = Math.multiplyExact(buffer.type().bytes(), buffer.count());
    return arena.allocate(bytes, ALIGNMENT);
  }

  private MemorySegment filled(CheckInput.Buffer buffer) {
    MemorySegment memory = allocate(buffer);
    if (buffer.fill() == CheckInput.Fill.CONSTANT && buffer.low() == 0) {
      return memory;
    }
    var random = new SplittableRandom(SEED);
    for (long i = 0; i < buffer.count(); i++) {
      double value =
          switch (buffer.fill()) {
            case RANDOM -> buffer.low() + random.nextDouble() * (buffer.high() - buffer.low());
            case RAMP -> i;
            case CONSTANT, UNDEFINED -> buffer.low();
          };
      buffer.type().store(memory, i * buffer.type().bytes(), value);
    }
    return memory;
  }

  private MemorySegment pack(MslArgument argument, CheckInput.Values values) {
    String type = argument.elementType();
    var scalar = Scalar.ofMsl(type);
    if (scalar.isPresent()) {
      MemorySegment memory = arena.allocate(scalar.get().bytes(), ALIGNMENT);
      scalar.get().store(memory, 0, values.fields().getOrDefault("", 0.0));
      return memory;
    }
    StructLayout layout =
        module
            .struct(type)
            .orElseThrow(() -> problem("the layout of " + type + " is not known: use 'buffer'"));
    MemorySegment memory = arena.allocate(layout.bytes(), ALIGNMENT);
    values.fields().forEach((name, value) -> store(layout, memory, name, value));
    return memory;
  }

  private void store(StructLayout layout, MemorySegment memory, String name, double value) {
    StructLayout.Field field =
        layout
            .field(name)
            .orElseThrow(() -> problem(layout.name() + " has no field '" + name + "'"));
    Scalar.ofMsl(field.type())
        .orElseThrow(() -> problem(layout.name() + "." + name + " is no single value"))
        .store(memory, field.offset(), value);
  }

  private MslException problem(String reason) {
    return new MslException(described.where(), reason);
  }
}
