package dev.diecast.bindings.metal;

import dev.diecast.bindings.metal.abi.MTLSize;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.NsString;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * {@code MTLDevice}: a GPU, and what it can do.
 *
 * @param owned its ownership
 */
public record MetalDevice(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLDevice");
  private static final Conformance ARCHITECTURE_CONFORMANCE = Conformance.to("MTLArchitecture");
  private static final Message NAME = Message.of("MTLDevice", "-name");
  private static final Message ARCHITECTURE = Message.of("MTLDevice", "-architecture");
  private static final Message ARCHITECTURE_NAME = Message.of("MTLArchitecture", "-name");
  private static final Message MAX_THREADS = Message.of("MTLDevice", "-maxThreadsPerThreadgroup");
  private static final Message UNIFIED_MEMORY = Message.of("MTLDevice", "-hasUnifiedMemory");
  private static final Message LOW_POWER = Message.of("MTLDevice", "-isLowPower");
  private static final Message REMOVABLE = Message.of("MTLDevice", "-isRemovable");
  private static final Message WORKING_SET =
      Message.of("MTLDevice", "-recommendedMaxWorkingSetSize");
  private static final Message ALLOCATED = Message.of("MTLDevice", "-currentAllocatedSize");
  private static final Message MAX_BUFFER = Message.of("MTLDevice", "-maxBufferLength");
  private static final Message THREADGROUP_MEMORY =
      Message.of("MTLDevice", "-maxThreadgroupMemoryLength");
  private static final Message SUPPORTS_FAMILY = Message.of("MTLDevice", "-supportsFamily:");
  private static final Message SUPPORTS_SAMPLING =
      Message.of("MTLDevice", "-supportsCounterSampling:");
  private static final Message SAMPLE_TIMESTAMPS =
      Message.of("MTLDevice", "-sampleTimestamps:gpuTimestamp:");
  private static final Message TIMESTAMP_FREQUENCY =
      Message.of("MTLDevice", "-queryTimestampFrequency");

  /** Two clocks read at the same moment. */
  public record Timestamps(long cpu, long gpu) {}

  /** Takes over a device that came back with a retain count of one. */
  static MetalDevice taking(long id) {
    return new MetalDevice(Owned.taking(id, CONFORMANCE));
  }

  /** Its name, such as {@code Apple M3 Max}. */
  public String name() {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return NsString.text(NAME.notNil(NAME.word(id())));
    }
  }

  /**
   * The name of its instruction set, by which compiled pipelines are kept; empty before macOS 14.
   */
  public Optional<String> architecture() {
    if (!ARCHITECTURE.understoodBy(id())) {
      return Optional.empty();
    }
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long architecture =
          ARCHITECTURE_CONFORMANCE.check(ARCHITECTURE.notNil(ARCHITECTURE.word(id())));
      return Optional.of(
          NsString.text(ARCHITECTURE_NAME.notNil(ARCHITECTURE_NAME.word(architecture))));
    }
  }

  /** Most threads of a threadgroup along each axis; a pipeline may allow fewer. */
  public MetalSize maxThreadsPerThreadgroup() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = MAX_THREADS.struct(arena, id());
      return new MetalSize(MTLSize.width(size), MTLSize.height(size), MTLSize.depth(size));
    }
  }

  /** Whether the processor and the GPU share one memory. */
  public boolean hasUnifiedMemory() {
    return UNIFIED_MEMORY.flag(id());
  }

  /** Whether it is the weaker GPU of a Mac that has two. */
  public boolean isLowPower() {
    return LOW_POWER.flag(id());
  }

  /** Whether it can be unplugged. */
  public boolean isRemovable() {
    return REMOVABLE.flag(id());
  }

  /** Bytes that resources may take without slowing it down. */
  public long recommendedMaxWorkingSetSize() {
    return WORKING_SET.word(id());
  }

  /** Bytes that this process has allocated on it. */
  public long currentAllocatedSize() {
    return ALLOCATED.word(id());
  }

  /** Most bytes of one buffer. */
  public long maxBufferLength() {
    return MAX_BUFFER.word(id());
  }

  /** Most bytes of threadgroup memory of one threadgroup. */
  public long maxThreadgroupMemoryLength() {
    return THREADGROUP_MEMORY.word(id());
  }

  /**
   * Whether it belongs to a family; a family that the system does not know is one that it does not
   * belong to.
   */
  public boolean supports(GpuFamily family) {
    return SUPPORTS_FAMILY.flag(id(), family.value());
  }

  /** Whether it samples counters at such points. */
  public boolean supports(CounterSamplingPoint point) {
    return SUPPORTS_SAMPLING.flag(id(), point.value());
  }

  /** Whether {@link ResidencySet} can be used: macOS 15. */
  public boolean supportsResidencySets() {
    return ResidencySet.supportedBy(this);
  }

  /** Whether the classes that end in 4 can be used: macOS 26 and a GPU of the family. */
  public boolean supportsMetal4() {
    return CommandQueue4.supportedBy(this) && supports(GpuFamily.METAL4);
  }

  /**
   * The processor's clock and the GPU's, each in its own unit, to convert sampled counters with.
   */
  public Timestamps sampleTimestamps() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment clocks = arena.allocate(ValueLayout.JAVA_LONG, 2);
      SAMPLE_TIMESTAMPS.send(id(), clocks.address(), clocks.address() + Long.BYTES);
      return new Timestamps(
          clocks.getAtIndex(ValueLayout.JAVA_LONG, 0), clocks.getAtIndex(ValueLayout.JAVA_LONG, 1));
    }
  }

  /** Ticks per second of the timestamps of {@link CounterHeap4}. Metal 4. */
  public long timestampFrequency() {
    TIMESTAMP_FREQUENCY.require(id());
    return TIMESTAMP_FREQUENCY.word(id());
  }
}
