package dev.diecast.tools.cases;

import static dev.diecast.kernels.host.HostFinding.Kind.BARRIER;
import static dev.diecast.kernels.host.HostFinding.Kind.MISALIGNED;
import static dev.diecast.kernels.host.HostFinding.Kind.OUT_OF_BOUNDS;
import static dev.diecast.kernels.host.HostFinding.Kind.RACE;
import static dev.diecast.kernels.host.HostFinding.Kind.SIMD;
import static dev.diecast.kernels.host.HostFinding.Kind.UNINITIALISED;

import dev.diecast.kernels.host.HostFinding;
import dev.diecast.tools.cases.Mutation.Catch;
import java.util.ArrayList;
import java.util.List;

/** Defects of the kinds that kernel authors make, in every family of kernels. */
final class Mutations {
  private static final String BARRIER_CALL = "threadgroup_barrier(mem_flags::mem_threadgroup);";
  private static final Catch RULES = new Catch.Rules();
  private static final Catch TOLERANCE = new Catch.Tolerance();

  private final List<Mutation> all = new ArrayList<>();
  private String kernel = "";
  private String cases = "";
  private boolean tiled;

  private Mutations() {}

  static List<Mutation> all() {
    var mutations = new Mutations();
    mutations.matrices();
    mutations.experts();
    mutations.tiles();
    mutations.elementwise();
    mutations.cache();
    mutations.attention();
    mutations.choices();
    return List.copyOf(mutations.all);
  }

  private void matrices() {
    in("gemv_q4_0", "13x96");
    plant(
        "result behind the last row",
        "if (lane == 0 && row < uint(args.rows)) {",
        "if (lane == 0 && row <= uint(args.rows)) {",
        checker(OUT_OF_BOUNDS));
    plant(
        "lanes not summed up",
        "float sum = simd_sum(sums.products[r]);",
        "float sum = sums.products[r];",
        TOLERANCE);
    plant(
        "missing residual",
        "if (has_residual) sum += residual[int64_t(t) * args.residual_stride + row];",
        "",
        TOLERANCE);
    plant(
        "rows behind the end read",
        "if (exists(rows, r)) sums.products[r] += W::dot(",
        "sums.products[r] += W::dot(",
        checker(OUT_OF_BOUNDS));
    plant(
        "one block too many",
        "for (uint u = lane; u < units; u += 32) {",
        "for (uint u = lane; u <= units; u += 32) {",
        checker(OUT_OF_BOUNDS));
    plant(
        "pointer without address space",
        "inline device const uchar* row_at(",
        "inline const uchar* row_at(",
        RULES);
    plant(
        "nibbles not centred",
        "return half_at(b) * (dot_nibbles(b + 2, x) - 8.0f * sum32(x));",
        "return half_at(b) * dot_nibbles(b + 2, x);",
        TOLERANCE);
    in("gemv_q8_0", "37x96");
    plant(
        "stride of another buffer",
        "residual[int64_t(t) * args.residual_stride + row]",
        "residual[int64_t(t) * args.y_stride + row]",
        TOLERANCE);
    in("gemv_q6_k", "35x2048");
    plant(
        "index in too few bits",
        "rows.base + int64_t(rows.first + r) * rows.row_bytes",
        "rows.base + short((rows.first + r) * rows.row_bytes)",
        checker(OUT_OF_BOUNDS));
    in("linears", "11 q4_k gating q4_k");
    plant(
        "lanes of the second factor not summed up",
        "(scale * simd_sum(raised.products[r]))",
        "(scale * raised.products[r])",
        TOLERANCE);
    plant(
        "one lane alone in a simd sum",
        "float scale = norm_scale(in, sums, eps);",
        "float scale = lane == 0 ? norm_scale(in, sums, eps) : 1.0f;",
        checker(SIMD));
    plant(
        "norm without its mean",
        "rsqrt(simd_sum(sums.squares) / float(in.length) + eps)",
        "rsqrt(simd_sum(sums.squares) + eps)",
        TOLERANCE);
    in("head_gemv_f16", "2 heads of 11x32");
    plant(
        "stride of rows between heads",
        "w + int64_t(h) * args.head_bytes",
        "w + int64_t(h) * args.row_bytes",
        TOLERANCE);
    in("head_gemv_t_q5_1", "3 heads of 40x512");
    plant(
        "one row too many",
        "for (uint r = lane; r < uint(args.rows); r += 32) {",
        "for (uint r = lane; r <= uint(args.rows); r += 32) {",
        checker(OUT_OF_BOUNDS));
    in("embed_q5_0", "9x96");
    plant("row of another token", "int token = tokens[at.y];", "int token = tokens[0];", TOLERANCE);
  }

  private void experts() {
    in("expert_gemv_q4_1", "input per slot");
    plant(
        "input of another slot",
        "int64_t(j) * args.x_slot_stride",
        "int64_t(j) * args.y_slot_stride",
        TOLERANCE);
    in("expert_gate_up", "f16 gating q5_1");
    plant(
        "offset of the other matrix's experts",
        "gate + int64_t(expert) * args.gate_expert_bytes",
        "gate + int64_t(expert) * args.up_expert_bytes",
        TOLERANCE);
    plant(
        "one factor not scaled by the norm",
        "float u = scale * simd_sum(raised.products[r]);",
        "float u = simd_sum(raised.products[r]);",
        TOLERANCE);
    in("expert_gate_up", "q4_1 gating q4_0");
    plant(
        "ids with the stride of all experts",
        "ids[int64_t(t) * args.n_used + j]",
        "ids[int64_t(t) * args.n_expert + j]",
        checker(OUT_OF_BOUNDS));
    in("expert_down", "shared 192 q4_1");
    plant(
        "experts not weighted",
        "total.products[r] += share * sums.products[r];",
        "total.products[r] += sums.products[r];",
        TOLERANCE);
    plant("expert without its offset", "w + int64_t(expert) * args.w_expert_bytes", "w", TOLERANCE);
    in("expert_combine", "6 slots of 100");
    plant(
        "missing shared expert",
        "if (has_shared) sum += shared[int64_t(t) * args.shared_stride + i];",
        "",
        TOLERANCE);
  }

  private void tiles() {
    in("gemv_q4_0", "37x96");
    tiled = true;
    plant(
        "dropped barrier before the product",
        "squares += stage_activations(in, k, thread_index, activations);\n    " + BARRIER_CALL,
        "squares += stage_activations(in, k, thread_index, activations);\n    ;",
        checker(RACE));
    plant(
        "barrier that orders other memory",
        "for (uint k = 0; k < in.length; k += TILE) {\n    " + BARRIER_CALL,
        "for (uint k = 0; k < in.length; k += TILE) {\n"
            + "    threadgroup_barrier(mem_flags::mem_device);",
        checker(RACE));
    plant(
        "tokens behind the last one read",
        "bool inside = in.first + token < in.tokens;",
        "bool inside = true;",
        checker(OUT_OF_BOUNDS));
    in("linears", "3 of 5 tokens: 11 q4_0");
    tiled = true;
    plant(
        "tile transposed",
        "uint at = TILE * (i % TILE) + i / TILE;",
        "uint at = TILE * (i / TILE) + i % TILE;",
        TOLERANCE);
  }

  private void elementwise() {
    in("rms_norm", "1 heads of 2048");
    plant(
        "dropped barrier",
        "if (lane == 0) sums[simdgroup] = squares;\n  " + BARRIER_CALL,
        "if (lane == 0) sums[simdgroup] = squares;\n  ;",
        checker(UNINITIALISED));
    plant(
        "barrier without flag",
        "if (lane == 0) sums[simdgroup] = squares;\n  " + BARRIER_CALL,
        "if (lane == 0) sums[simdgroup] = squares;\n"
            + "  threadgroup_barrier(mem_flags::mem_none);",
        checker(RACE));
    plant(
        "threads that leave before a barrier",
        "if (group.y >= rows) return;",
        "if (group.y >= rows || thread_index >= 64) return;",
        checker(BARRIER));
    plant(
        "more sums read than written",
        "lane < threads / 32 ? sums[lane] : 0.0f",
        "sums[lane]",
        checker(UNINITIALISED));
    in("rms_norm", "1 heads of 33");
    plant(
        "vector store at any address",
        "*(device packed_float4*)(out + i) = packed_float4(v * scale * weight);",
        "*(device float4*)(out + i) = v * scale * weight;",
        checker(MISALIGNED));
    in("rms_norm", "3 of 5 tokens, the last");
    plant(
        "token behind the last one",
        "uint token = args.last_only == 1 ? active - 1 : group.y;",
        "uint token = args.last_only == 1 ? active : group.y;",
        TOLERANCE);
    in("silu_mul", "1 slots of 45");
    plant(
        "value behind the end",
        "if (at.z >= active_tokens(args.n_tokens, step) || at.x >= uint(args.n)) return;",
        "if (at.z >= active_tokens(args.n_tokens, step) || at.x > uint(args.n)) return;",
        checker(OUT_OF_BOUNDS));
    in("add", "70 values");
    plant(
        "stride of the other operand",
        "b[int64_t(at.y) * args.b_stride + at.x]",
        "b[int64_t(at.y) * args.a_stride + at.x]",
        TOLERANCE);
    in("add_bias", "70 values");
    plant(
        "tokens behind the last one computed",
        "inline uint active_tokens(int most, device const StepState* step) {\n"
            + "  int active = step->active;",
        "inline uint active_tokens(int most, device const StepState* step) {\n"
            + "  int active = most;",
        TOLERANCE);
    in("rope", "neox 1, 1 of 1 tokens");
    plant(
        "sign of the rotation",
        "float2(a * cosine - b * sine, a * sine + b * cosine)",
        "float2(a * cosine + b * sine, a * sine + b * cosine)",
        TOLERANCE);
    in("rope", "5 heads, 64 of 64 values, neox 1");
    plant(
        "neighbours in place of halves",
        "return neox ? i + pairs : 2 * i + 1;",
        "return neox ? i + 1 : 2 * i + 1;",
        checker(RACE));
    in("rope_angles", "position 131071");
    plant("position left out", "uint64_t(step->position + int(at.y))", "uint64_t(at.y)", TOLERANCE);
  }

  private void cache() {
    in("kv_write", "33 values");
    plant(
        "position left out",
        "int position = step->position + int(at.y);",
        "int position = int(at.y);",
        TOLERANCE);
    plant(
        "rows packed",
        "cache[int64_t(position) * args.row_stride + at.x]",
        "cache[int64_t(position) * args.n + at.x]",
        TOLERANCE);
    plant(
        "write through a pointer to const",
        "device half* cache [[buffer(2)]],",
        "device const half* cache [[buffer(2)]],",
        RULES);
    in("heads_prepare", "1 heads, 1 kv heads");
    plant(
        "one head too many",
        "|| item >= heads + 2 * kv_heads) return;",
        "|| item > heads + 2 * kv_heads) return;",
        checker(OUT_OF_BOUNDS));
    plant(
        "device memory passed as threadgroup memory",
        "inline void turn_into(Head head, device T* y, uint lane) {",
        "inline void turn_into(Head head, threadgroup T* y, uint lane) {",
        RULES);
    in("latent_prepare", "5 of 5 tokens");
    plant(
        "dropped barrier after the query is loaded",
        "for (uint i = thread_index; i < nope; i += threads) x[i] = in[i];\n  " + BARRIER_CALL,
        "for (uint i = thread_index; i < nope; i += threads) x[i] = in[i];\n  ;",
        checker(UNINITIALISED));
    plant(
        "rotated values in the place of others",
        "turn_all(in + nope, turn, pairs, args.neox == 1, thread_index, threads, out + latent);",
        "turn_all(in + nope, turn, pairs, args.neox == 1, thread_index, threads, out + nope);",
        checker(RACE));
  }

  private void attention() {
    in("attention", "6 heads, 2 kv heads of 40 and 24, at 199 of 200");
    plant("values not decayed", "s.values[h] *= decay;", ";", TOLERANCE);
    plant(
        "teams joined without their maxima",
        "float4 x = s.values[h] * exp(s.largest[h] - largest);",
        "float4 x = s.values[h];",
        TOLERANCE);
    plant(
        "threadgroup memory passed as device memory",
        "                   threadgroup float* scores) {",
        "                   device float* scores) {",
        RULES);
    in("attention", "latent, at 199 of 200");
    plant(
        "dropped barrier before the next scores",
        "if (!alone) threadgroup_barrier(mem_flags::mem_threadgroup);  // before",
        "if (!alone) ;  // before",
        checker(RACE));
    in("split_attention", "at 63 of 64");
    plant(
        "tickets left as they are",
        "if (last) atomic_fetch_sub_explicit(",
        "if (false) atomic_fetch_sub_explicit(",
        TOLERANCE);
    plant(
        "results for other threadgroups stored plainly",
        "atomic_store_explicit((device atomic_uint*)p, as_type<uint>(x), memory_order_relaxed);",
        "*p = x;",
        checker(RACE));
    plant(
        "who is last, not told to all",
        "threadgroup_barrier(mem_flags::mem_threadgroup | mem_flags::mem_device);",
        ";",
        checker(UNINITIALISED));
    in("split_attention", "values through 64 q4_0");
    plant(
        "row overwritten while others read it",
        "threadgroup_barrier(mem_flags::mem_threadgroup);  // before the row is overwritten",
        ";",
        checker(RACE));
    in("attention_combine", "5 splits");
    plant(
        "splits summed as if their maxima were one",
        "if (part > 0.0f) sum += part * exp(Load::load(split) - largest);",
        "if (part > 0.0f) sum += part;",
        TOLERANCE);
  }

  private void choices() {
    in("route", "ties");
    plant(
        "higher id among equals",
        "uint expert = simd_min(best == highest ? lane + 32 * own : 0xffffffffu);",
        "uint expert = simd_max(best == highest ? lane + 32 * own : 0u);",
        TOLERANCE);
    in("route", "6 of 64");
    plant(
        "dropped barrier within a simdgroup",
        "simdgroup_barrier(mem_flags::mem_device);",
        ";",
        checker(RACE));
    in("sample", "greedy with penalty of");
    plant(
        "dropped barrier after the copy",
        "int(at.index))];\n"
            + "  threadgroup_barrier(mem_flags::mem_device | mem_flags::mem_threadgroup);",
        "int(at.index))];\n  ;",
        checker(RACE));
    in("sample", "temperature, last of 5");
    plant(
        "random number of another position",
        "int64_t(step->position) + int64_t(active) - 1",
        "int64_t(step->position)",
        TOLERANCE);
    in("advance", "last place");
    plant(
        "ring without end",
        "ring[emitted % uint64_t(args.ring_size)]",
        "ring[emitted]",
        checker(OUT_OF_BOUNDS));
    plant("every thread advances", "if (i != 0) return;", "", checker(RACE));
  }

  private void in(String ofKernel, String ofCases) {
    kernel = ofKernel;
    cases = ofCases;
    tiled = false;
  }

  private void plant(String defect, String original, String replacement, Catch by) {
    String text = replacement.isEmpty() ? ";" : replacement;
    all.add(new Mutation(defect, kernel, cases, tiled, original, text, by));
  }

  private static Catch checker(HostFinding.Kind kind) {
    return new Catch.Checker(kind);
  }
}
