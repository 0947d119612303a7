package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.ComputePipelineDescriptor;
import dev.diecast.bindings.metal.DataType;
import dev.diecast.bindings.metal.FunctionConstants;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalFunction;
import dev.diecast.bindings.metal.MetalLibrary;
import dev.diecast.kernels.msl.FunctionConstant;
import dev.diecast.plans.Dispatch.Extent;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.PlanException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernels of a plan, compiled for a GPU with their constants filled in. */
final class Pipelines implements AutoCloseable {
  /**
   * A compiled kernel.
   *
   * @param text where it comes from
   * @param state the pipeline
   * @param mostThreads of a threadgroup
   */
  record Pipeline(KernelText text, ComputePipeline state, long mostThreads) {
    long id() {
      return state.id();
    }

    /** Refuses a threadgroup that this GPU cannot run with this kernel. */
    void requireThreads(String where, Extent threadgroup) {
      long threads =
          Math.multiplyExact(Math.multiplyExact(threadgroup.x(), threadgroup.y()), threadgroup.z());
      if (threads > mostThreads) {
        throw new PlanException(
            where
                + ": the plan wants threadgroups of "
                + threads
                + " threads, this GPU runs the kernel with at most "
                + mostThreads);
      }
    }
  }

  private static final long SIMD_GROUP = 32;

  private final MetalDevice device;
  private final boolean indirect;
  private final Resources resources = new Resources();
  private final KernelLibraries libraries;
  private final PipelineArchives archives;
  private final Map<KernelUse, Pipeline> made = new HashMap<>();
  private final List<Pipeline> byKernel = new ArrayList<>();

  private Pipelines(MetalDevice device, boolean indirect, Optional<Path> folder) {
    this.device = device;
    this.indirect = indirect;
    this.libraries = new KernelLibraries(device, folder);
    resources.own(libraries::close);
    this.archives = new PipelineArchives(device, folder);
    resources.own(archives::close);
  }

  /**
   * Compiles the kernels or takes them from an archive.
   *
   * @param indirect whether indirect command buffers use them
   * @param folder what was compiled before lies there
   */
  static Pipelines of(
      MetalDevice device, List<KernelUse> uses, boolean indirect, Optional<Path> folder) {
    Pipelines pipelines = new Pipelines(device, indirect, folder);
    try {
      for (KernelUse use : uses) {
        Pipeline known = pipelines.made.get(use);
        pipelines.byKernel.add(known == null ? pipelines.make(use) : known);
      }
      pipelines.archives.save();
      return pipelines;
    } catch (Throwable t) {
      pipelines.close();
      throw t;
    }
  }

  private Pipeline make(KernelUse use) {
    KernelText text = KernelText.of(use);
    try (MetalFunction function = function(text)) {
      ComputePipelineDescriptor descriptor =
          new ComputePipelineDescriptor(function, use.name(), 0, indirect, List.of());
      ComputePipeline state = archives.pipeline(text, descriptor);
      resources.own(state::close);
      Pipeline pipeline = new Pipeline(text, state, state.maxTotalThreadsPerThreadgroup());
      requireMemory(use, state);
      requireSimdGroups(state);
      made.put(use, pipeline);
      return pipeline;
    }
  }

  private MetalFunction function(KernelText text) {
    MetalLibrary library = libraries.of(text);
    List<FunctionConstant> declared = text.declared();
    if (declared.isEmpty()) {
      return library.function(text.kernel().name());
    }
    try (FunctionConstants constants = FunctionConstants.create()) {
      for (FunctionConstant constant : declared) {
        Long value = text.constants().get(constant.name());
        if (value != null) {
          constants.set(constant.name(), type(text, constant), value);
        }
      }
      return library.function(text.kernel().name(), constants);
    }
  }

  private static DataType type(KernelText text, FunctionConstant constant) {
    return switch (constant.type()) {
      case "bool" -> DataType.BOOL;
      case "int", "int32_t" -> DataType.INT;
      case "uint", "uint32_t" -> DataType.UINT;
      case "short", "int16_t" -> DataType.SHORT;
      case "ushort", "uint16_t" -> DataType.USHORT;
      default ->
          throw new PlanException(
              text.resource()
                  + ": function constant "
                  + constant.name()
                  + " is of the type "
                  + constant.type());
    };
  }

  private void requireMemory(KernelUse use, ComputePipeline state) {
    long bytes = state.staticThreadgroupMemoryLength();
    if (bytes > device.maxThreadgroupMemoryLength()) {
      throw new PlanException(
          "kernel "
              + use.name()
              + " takes "
              + bytes
              + " bytes of threadgroup memory, this GPU has "
              + device.maxThreadgroupMemoryLength());
    }
  }

  private static void requireSimdGroups(ComputePipeline state) {
    if (state.threadExecutionWidth() != SIMD_GROUP) {
      throw new PlanException(
          "this GPU runs SIMD groups of "
              + state.threadExecutionWidth()
              + " threads, the kernels are written for "
              + SIMD_GROUP);
    }
  }

  /** The pipeline of a kernel, by its index in the plan. */
  Pipeline of(int kernel) {
    return byKernel.get(kernel);
  }

  /** Where the kernels came from, for people. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(libraries.notes());
    notes.addAll(archives.notes());
    return notes;
  }

  @Override
  public void close() {
    resources.close();
  }
}
