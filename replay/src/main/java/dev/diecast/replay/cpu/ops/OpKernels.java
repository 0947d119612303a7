package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.CpuKernel;
import dev.diecast.replay.cpu.gemv.GemvKernels;
import java.util.Map;

/** The kernels of this package by their catalogue names. */
public final class OpKernels {
  private OpKernels() {}

  /** Name to kernel. */
  public static Map<String, CpuKernel> table() {
    Map<String, CpuKernel> products = GemvKernels.table();
    return Map.ofEntries(
        Map.entry("rms_norm", RmsNorm::bind),
        Map.entry("silu_mul", SiluMul::bind),
        Map.entry("add", Add::bindAdd),
        Map.entry("add_bias", Add::bindBias),
        Map.entry("rope_angles", RopeAngles::bind),
        Map.entry("rope", Rope::bind),
        Map.entry("kv_write", KvWrite::bind),
        Map.entry("attention", Attention::bind),
        Map.entry("attention_combine", AttentionCombine::bind),
        Map.entry("heads_prepare", HeadsPrepare::bind),
        Map.entry("latent_prepare", bindings -> LatentPrepare.bind(bindings, products)),
        Map.entry("split_attention", bindings -> SplitAttention.bind(bindings, products)),
        Map.entry("route", Route::bind),
        Map.entry("expert_combine", ExpertCombine::bind),
        Map.entry("sample", Sample::bind),
        Map.entry("advance", Advance::bind));
  }
}
