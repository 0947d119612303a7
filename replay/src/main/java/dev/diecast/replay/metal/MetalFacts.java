package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CounterSamplingPoint;
import dev.diecast.bindings.metal.GpuFamily;
import dev.diecast.bindings.metal.Metal;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalSize;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.ProcessInfo;
import dev.diecast.bindings.posix.PageSize;
import dev.diecast.replay.MetalOptions.Encoder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a GPU and its system offer, and what of it Diecast uses.
 *
 * @param name such as {@code Apple M3 Max}
 * @param architecture of its instruction set, empty before macOS 14
 * @param system version of the OS, as it writes it
 * @param families that it belongs to, by Apple's names
 * @param unifiedMemory whether it shares its memory with the processor
 * @param maxBufferBytes longest buffer: weights are cut into windows no longer
 * @param workingSetBytes what fits without slowing down
 * @param allocatedBytes what this process has allocated on it
 * @param threadgroupBytes most threadgroup memory
 * @param maxThreads most threads of a threadgroup along x
 * @param pageBytes of the system
 * @param residencySets whether memory is kept resident by a set on the queue
 * @param metal4 whether the classes of Metal 4 can be used
 * @param encoderSampling whether counters are sampled where an encoder begins and ends
 * @param lowPowerMode whether the user asked the machine to save power
 * @param obstacles the encoders that cannot be used, and why
 */
public record MetalFacts(
    String name,
    String architecture,
    String system,
    List<String> families,
    boolean unifiedMemory,
    long maxBufferBytes,
    long workingSetBytes,
    long allocatedBytes,
    long threadgroupBytes,
    long maxThreads,
    long pageBytes,
    boolean residencySets,
    boolean metal4,
    boolean encoderSampling,
    boolean lowPowerMode,
    Map<Encoder, String> obstacles) {

  /** Copies the collections. */
  public MetalFacts {
    families = List.copyOf(families);
    obstacles = Map.copyOf(obstacles);
  }

  /** Why there is no Metal here; empty when there is. */
  public static Optional<String> problem() {
    Optional<String> unloaded = Metal.problem();
    if (unloaded.isPresent()) {
      return unloaded;
    }
    try (MetalDevice _ = Metal.defaultDevice()) {
      return Optional.empty();
    } catch (MetalException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The facts of all GPUs, the one that sessions use first.
   *
   * @throws dev.diecast.bindings.objc.MetalException when there is no Metal here
   */
  public static List<MetalFacts> all() {
    List<MetalFacts> facts = new ArrayList<>();
    try (MetalDevice preferred = Metal.defaultDevice()) {
      facts.add(of(preferred));
      for (MetalDevice device : Metal.devices()) {
        try (device) {
          if (device.id() != preferred.id()) {
            facts.add(of(device));
          }
        }
      }
    }
    return facts;
  }

  private static MetalFacts of(MetalDevice device) {
    MetalSize threads = device.maxThreadsPerThreadgroup();
    return new MetalFacts(
        device.name(),
        device.architecture().orElse(""),
        ProcessInfo.osVersionText(),
        families(device),
        device.hasUnifiedMemory(),
        device.maxBufferLength(),
        device.recommendedMaxWorkingSetSize(),
        device.currentAllocatedSize(),
        device.maxThreadgroupMemoryLength(),
        threads.width(),
        PageSize.bytes(),
        device.supportsResidencySets(),
        device.supportsMetal4(),
        device.supports(CounterSamplingPoint.STAGE_BOUNDARY),
        ProcessInfo.lowPowerMode(),
        obstacles(device));
  }

  private static List<String> families(MetalDevice device) {
    List<String> names = new ArrayList<>();
    for (GpuFamily family : GpuFamily.values()) {
      if (device.supports(family)) {
        names.add(family.appleName());
      }
    }
    return names;
  }

  private static Map<Encoder, String> obstacles(MetalDevice device) {
    Map<Encoder, String> obstacles = new EnumMap<>(Encoder.class);
    for (Encoder encoder : Encoder.values()) {
      EncoderChoice.obstacle(device, encoder, 1).ifPresent(why -> obstacles.put(encoder, why));
    }
    return obstacles;
  }
}
