package dev.diecast.replay;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import dev.diecast.plans.StepState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan by hand, without weights: "activations" are the rotation angles of the position, attention
 * looks back over them, and a norm of the result gives the logits. So logits depend on the position
 * and on the whole cache, and the repetition penalty makes them depend on the tokens.
 */
final class TinyPlan {
  static final int VOCAB = 64;
  static final String FINGERPRINT = "feed".repeat(16);

  private static final int PAIRS = VOCAB / 2;
  private static final int CONSTANTS = 0;
  private static final int KV = 1;
  private static final int ARENA = 2;
  private static final int STATE = 3;
  private static final int LOGITS = 4;
  private static final int PROMPT = 5;
  private static final int RING = 6;
  private static final long WEIGHT = 8L * PAIRS;

  private final List<KernelUse> kernels = new ArrayList<>();
  private final Map<String, Integer> kernelIndex = new HashMap<>();
  private final int context;
  private final int prefill;

  private TinyPlan(int context, int prefill) {
    this.context = context;
    this.prefill = prefill;
  }

  /** A plan with {@code decode} and {@code prefill-N}; a prefill of 0 leaves the latter out. */
  static Plan of(int context, int prefill) {
    return new TinyPlan(context, prefill).build();
  }

  private Plan build() {
    List<Program> programs = new ArrayList<>();
    programs.add(program("decode", 1, 4));
    if (prefill > 0) {
      programs.add(program("prefill-" + prefill, prefill, 1));
    }
    long rows = Math.max(1, prefill);
    List<PlanBuffer> buffers =
        List.of(
            new PlanBuffer.Constants("constants", constants()),
            new PlanBuffer.Kv("kv", 2L * VOCAB * context),
            new PlanBuffer.Arena("arena", arenaBytes(rows)),
            new PlanBuffer.State("state", StepState.BYTES),
            new PlanBuffer.Io("logits", 4L * VOCAB),
            new PlanBuffer.Io("prompt", 4 * rows),
            new PlanBuffer.Io("ring", 4L * StepState.RING_TOKENS));
    ModelRef model =
        new ModelRef("tiny", "tiny", FINGERPRINT, VOCAB, 1, VOCAB, context, "none", List.of());
    return new Plan(
        "test", model, "cpu", kernels, buffers, List.of(), programs, List.of(), List.of());
  }

  private Program program(String name, int tokens, int splits) {
    long x = 4L * VOCAB * tokens;
    long partialBytes = 4L * (VOCAB + 2) * splits * tokens;
    long partial = x;
    long y = x + partialBytes;
    long scratch = y + x;
    List<Dispatch> list = new ArrayList<>();
    list.add(
        call("rope_angles", false, Map.of("n_tokens", tokens, "n_rot", VOCAB, "magnitude", 3f))
            .bind("inv_freq", CONSTANTS, 0, WEIGHT)
            .bind("y", ARENA, 0, x)
            .end());
    list.add(
        call(
                "kv_write",
                true,
                Map.of(
                    "n_tokens",
                    tokens,
                    "n",
                    VOCAB,
                    "x_stride",
                    VOCAB,
                    "row_stride",
                    VOCAB,
                    "capacity",
                    context))
            .bind("x", ARENA, 0, x)
            .bind("cache", KV, 0, 2L * VOCAB * context)
            .end());
    list.add(
        call("attention", true, attention(tokens, splits))
            .bind("q", ARENA, 0, x)
            .bind("k", KV, 0, 2L * VOCAB * context)
            .bind("v", KV, 0, 2L * VOCAB * context)
            .bind("partial", ARENA, partial, partialBytes)
            .end());
    list.add(
        call(
                "attention_combine",
                true,
                Map.of(
                    "n_tokens",
                    tokens,
                    "heads",
                    1,
                    "dv",
                    VOCAB,
                    "splits",
                    splits,
                    "y_stride",
                    VOCAB,
                    "y_head_stride",
                    VOCAB))
            .bind("partial", ARENA, partial, partialBytes)
            .bind("y", ARENA, y, x)
            .end());
    list.add(
        call("rms_norm", true, norm(tokens))
            .bind("x", ARENA, y, x)
            .bind("w", CONSTANTS, WEIGHT, 4L * VOCAB)
            .bind("y", LOGITS, 0, 4L * VOCAB)
            .end());
    list.add(
        call("sample", true, Map.of("n_tokens", tokens, "n_vocab", VOCAB))
            .bind("logits", LOGITS, 0, 4L * VOCAB)
            .bind("tokens", tokens == 1 ? STATE : PROMPT, 0, 4L * tokens)
            .bind("scratch", ARENA, scratch, 8L * VOCAB)
            .end());
    list.add(
        call("advance", true, Map.of("n_tokens", tokens, "ring_size", StepState.RING_TOKENS))
            .bind("ring", RING, 0, 4L * StepState.RING_TOKENS)
            .end());
    List<Program.ArenaValue> values =
        List.of(
            new Program.ArenaValue("x", 0, x, 0, 2),
            new Program.ArenaValue("partial", partial, partialBytes, 2, 3),
            new Program.ArenaValue("y", y, x, 3, 4),
            new Program.ArenaValue("scratch", scratch, 8L * VOCAB, 5, 5));
    long least = Math.max(x + partialBytes, 8L * VOCAB);
    return new Program(name, tokens, list, least, scratch + 8L * VOCAB, values);
  }

  private Map<String, Number> attention(int tokens, int splits) {
    Map<String, Number> args = new HashMap<>();
    args.put("n_tokens", tokens);
    args.put("heads", 1);
    args.put("kv_heads", 1);
    for (String width :
        List.of(
            "dk",
            "dv",
            "q_stride",
            "q_head_stride",
            "k_row_stride",
            "k_head_stride",
            "v_row_stride",
            "v_head_stride")) {
      args.put(width, VOCAB);
    }
    args.put("splits", splits);
    args.put("capacity", context);
    args.put("scale", 0.2f);
    return args;
  }

  private static Map<String, Number> norm(int tokens) {
    Map<String, Number> args = new HashMap<>();
    args.put("n_tokens", tokens);
    args.put("heads", 1);
    for (String width : List.of("n", "x_stride", "x_head_stride", "y_stride", "y_head_stride")) {
      args.put(width, VOCAB);
    }
    args.put("last_only", 1);
    args.put("eps", 1e-5f);
    return args;
  }

  private Call call(String kernel, boolean barrier, Map<String, ? extends Number> args) {
    int index =
        kernelIndex.computeIfAbsent(
            kernel,
            name -> {
              kernels.add(new KernelUse(name, "", List.of(), 0));
              return kernels.size() - 1;
            });
    Call call = new Call(KernelCatalog.get(kernel), index, barrier, args);
    return call.bind("step", STATE, 0, StepState.BYTES);
  }

  /** One dispatch in the making. */
  private record Call(
      KernelContract contract,
      int kernel,
      boolean barrier,
      Map<String, ? extends Number> args,
      List<Dispatch.Binding> bindings) {
    Call(KernelContract contract, int kernel, boolean barrier, Map<String, ? extends Number> args) {
      this(contract, kernel, barrier, args, new ArrayList<>());
    }

    Call bind(String name, int buffer, long offset, long bytes) {
      Slot slot = contract.slot(name);
      Dispatch.Access access = Dispatch.Access.valueOf(slot.access().name());
      bindings.add(new Dispatch.Binding(slot.index(), buffer, offset, bytes, access, null));
      return this;
    }

    Dispatch end() {
      bindings.sort(Comparator.comparingInt(Dispatch.Binding::slot));
      return new Dispatch(
          kernel,
          contract.name(),
          -1,
          Dispatch.Extent.ONE,
          Dispatch.Extent.ONE,
          bindings,
          contract.args().pack(args),
          barrier,
          List.of(),
          0,
          0,
          0);
    }
  }

  private static long arenaBytes(long rows) {
    return 4L * VOCAB * rows * 2 + 4L * (VOCAB + 2) * Math.max(4, rows) + 8L * VOCAB;
  }

  private static byte[] constants() {
    ByteBuffer bytes = ByteBuffer.allocate(8 * PAIRS + 4 * VOCAB).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < PAIRS; i++) {
      bytes.putDouble(Math.pow(50, -(double) i / PAIRS));
    }
    for (int i = 0; i < VOCAB; i++) {
      bytes.putFloat(1 + (i * 37 % VOCAB) / (float) VOCAB);
    }
    return bytes.array();
  }
}
