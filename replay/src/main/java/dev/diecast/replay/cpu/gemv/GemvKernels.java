package dev.diecast.replay.cpu.gemv;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.CpuKernel;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The kernels that multiply by weights, for every weight type of the catalogue. */
public final class GemvKernels {
  private GemvKernels() {}

  /** Bits of the vectors that the kernels compute with here; 0 when they are scalar. */
  public static int vectorBits() {
    return VectorWidth.chosen().bits();
  }

  /**
   * {@code embed_T}, {@code gemv_T}, {@code head_gemv_T}, {@code head_gemv_t_T} and {@code
   * expert_gemv_T}, and {@code linears}, {@code expert_gate_up} and {@code expert_down} by name.
   * The bodies suit this machine's vectors; the system property {@code diecast.cpu.vector} ({@code
   * scalar}, {@code 128}, {@code 256}, {@code 512}), read when the first kernel of the process is
   * asked for, forces others.
   *
   * @throws dev.diecast.plans.PlanException when that property has another value
   */
  public static Map<String, CpuKernel> table() {
    VectorWidth width = VectorWidth.chosen();
    Map<TensorType, WeightFormat> formats = new EnumMap<>(TensorType.class);
    Map<String, CpuKernel> table = new LinkedHashMap<>();
    for (String suffix : KernelCatalog.WEIGHT_TYPES) {
      TensorType type = TensorType.ofSuffix(suffix).orElseThrow();
      WeightFormat format = WeightFormat.of(type, width);
      formats.put(type, format);
      add(table, "embed_" + suffix, format, Binder::embed);
      add(table, "gemv_" + suffix, format, Binder::gemv);
      add(table, "head_gemv_" + suffix, format, Binder::headGemv);
      add(table, "head_gemv_t_" + suffix, format, Binder::headGemvT);
      add(table, "expert_gemv_" + suffix, format, Binder::expertGemv);
    }
    addFused(table, "linears", formats, FusedBinder::linears);
    addFused(table, "expert_gate_up", formats, FusedBinder::expertGateUp);
    addFused(table, "expert_down", formats, FusedBinder::expertDown);
    return Collections.unmodifiableMap(table);
  }

  private static void addFused(
      Map<String, CpuKernel> table,
      String name,
      Map<TensorType, WeightFormat> formats,
      Function<FusedBinder, BoundKernel> bind) {
    table.put(name, bindings -> bind.apply(new FusedBinder(name, formats, bindings)));
  }

  private static void add(
      Map<String, CpuKernel> table,
      String name,
      WeightFormat format,
      Function<Binder, BoundKernel> bind) {
    table.put(name, bindings -> bind.apply(new Binder(name, format, bindings)));
  }
}
