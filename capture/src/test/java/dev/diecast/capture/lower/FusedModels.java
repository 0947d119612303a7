package dev.diecast.capture.lower;

import dev.diecast.capture.TestModel;
import dev.diecast.capture.graph.CacheRef;
import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.FusedOp.Norm;
import dev.diecast.capture.graph.FusedOp.Segment;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.lower.Lowering.Lowered;
import dev.diecast.capture.tuning.Tuning;
import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Models of one layer whose graphs are written by hand, in fused operations only. */
final class FusedModels {
  static final int CONTEXT = 32;

  private static final int WIDTH = 64;
  private static final int VOCAB = 320;
  private static final double EPS = 1e-5;

  private final TestModel model = new TestModel("test");
  private final List<Node> nodes = new ArrayList<>();
  private final List<CacheRef> caches = new ArrayList<>();
  private int values;

  private FusedModels() {}

  /** Grouped-query attention with head norms and a bias, then a dense feed-forward. */
  static Plan grouped(int prefillTokens) {
    FusedModels m = new FusedModels();
    Value x = m.embed();
    Value angles = m.angles(16);
    Segment q = m.segment("attn_q", TensorType.Q4_0, WIDTH, WIDTH, true, false);
    Segment k = m.segment("attn_k", TensorType.Q8_0, WIDTH, 32, false, false);
    Segment v = m.segment("attn_v", TensorType.F16, WIDTH, 32, false, false);
    List<Value> qkv = m.linears("qkv", List.of(q, k, v), "attn_norm", false, x);
    CacheRef keys = m.cache("blk.0.k", 32);
    CacheRef memory = m.cache("blk.0.v", 32);
    Value heads =
        m.headsPrepare(
            m.reshape(qkv.get(0), 4, 16),
            m.reshape(qkv.get(1), 2, 16),
            m.reshape(qkv.get(2), 2, 16),
            angles,
            keys,
            memory);
    Op.Attention attention = new Op.Attention(keys, memory, 2, 16, 16, 0.25);
    Value attended = m.attention(attention, List.of(), heads, 16);
    Segment output = m.segment("attn_output", TensorType.Q4_0, WIDTH, WIDTH, false, true);
    Value h = m.linear("attn_residual", output, "", m.reshape(attended, 1, WIDTH), x);
    Value gated = m.linear("ffn_gate_up", m.gated("", 96), "ffn_norm", h);
    Segment down = m.segment("ffn_down", TensorType.Q8_0, 96, WIDTH, false, true);
    return m.plan(m.linear("ffn_residual", down, "", gated, h), prefillTokens);
  }

  /** Latent attention, then a mixture with a shared expert. */
  static Plan latent(int prefillTokens, boolean transposed) {
    FusedModels m = new FusedModels();
    Value x = m.embed();
    Value angles = m.angles(16);
    Segment qa = m.segment("attn_q_a", TensorType.Q4_0, WIDTH, 32, false, false);
    Segment kva = m.segment("attn_kv_a_mqa", TensorType.Q8_0, WIDTH, 48, false, false);
    List<Value> low = m.linears("a", List.of(qa, kva), "attn_norm", false, x);
    Segment qb = m.segment("attn_q_b", TensorType.Q4_0, 32, 4 * 96, false, false);
    Value q = m.reshape(m.linear("attn_q_b", qb, "attn_q_a_norm", low.get(0)), 4, 96);
    CacheRef cache = m.cache("blk.0.kv", 48);
    Value rows = m.latentPrepare(transposed, q, low.get(1), angles, cache);
    Op.Attention attention = new Op.Attention(cache, cache, 1, 48, 32, 0.1);
    TensorInfo valueB = m.tensor("attn_v_b", TensorType.Q5_0, 32, 16, 4);
    Op.HeadLinear value = new Op.HeadLinear(valueB, 16, 0, 16, 32, false);
    Value attended = m.attention(attention, List.of(value), rows, 16);
    Segment output = m.segment("attn_output", TensorType.Q4_0, WIDTH, WIDTH, false, true);
    Value h = m.linear("attn_residual", output, "", m.reshape(attended, 1, WIDTH), x);
    return m.plan(m.mixture(h), prefillTokens);
  }

  /** Two linears of the residual stream, of which the first one adds that stream. */
  static Plan sumWithItsOperand() {
    FusedModels m = new FusedModels();
    Value x = m.embed();
    Segment sum = m.segment("sum", TensorType.Q4_0, WIDTH, WIDTH, false, true);
    Segment other = m.segment("other", TensorType.Q4_0, WIDTH, WIDTH, false, true);
    Value first = m.linear("first", sum, "", x, x);
    return m.plan(m.linears("both", List.of(sum, other), "", false, first, first, x).getLast(), 0);
  }

  private Value mixture(Value h) {
    Segment router = segment("ffn_gate_inp", TensorType.F32, WIDTH, 8, false, false);
    List<Segment> both = List.of(router, gated("_shexp", 32));
    List<Value> routed = linears("router", both, "ffn_norm", false, h);
    Value ids = value(1, 2);
    Value weights = value(1, 2);
    Op.Route route = new Op.Route(2, Op.Gating.SIGMOID, true, 1.8, List.of());
    add(route, "blk.0.route", List.of(routed.get(0)), List.of(ids, weights));
    // Gate and up are rows 0 to 31 and 32 to 63 of each expert.
    TensorInfo joined = tensor("ffn_gate_up_exps", TensorType.Q4_0, WIDTH, 64, 8);
    Op.ExpertLinear gate = new Op.ExpertLinear(joined, 0, 32);
    Op.ExpertLinear up = new Op.ExpertLinear(joined, 32, 32);
    Value experts = value(2, 32);
    List<Node> body =
        List.of(
            norm(norm("ffn_norm", WIDTH), h, value(1, WIDTH)),
            node(gate, "gate", List.of(h, ids), value(2, 32)),
            node(up, "up", List.of(h, ids), experts));
    FusedOp.ExpertGateUp gateUp =
        new FusedOp.ExpertGateUp(gate, up, List.of(norm("ffn_norm", WIDTH)), body);
    add(gateUp, "blk.0.experts", List.of(h, ids), List.of(experts));
    TensorInfo downs = tensor("ffn_down_exps", TensorType.Q8_0, 32, WIDTH, 8);
    TensorInfo shared = tensor("ffn_down_shexp", TensorType.Q4_1, 32, WIDTH);
    Op.ExpertLinear down = new Op.ExpertLinear(downs, 0, WIDTH);
    Value y = value(1, WIDTH);
    List<Value> inputs = List.of(experts, ids, weights, routed.get(1), h);
    List<Node> downBody =
        List.of(
            node(down, "down", inputs, value(2, WIDTH)),
            node(new Op.Linear(shared), "shared", inputs, y));
    add(
        new FusedOp.ExpertDown(down, List.of(shared), true, downBody),
        "blk.0.ffn_residual",
        inputs,
        List.of(y));
    return y;
  }

  private Value headsPrepare(
      Value q, Value k, Value v, Value angles, CacheRef keys, CacheRef memory) {
    Norm qNorm = norm("attn_q_norm", 16);
    Norm kNorm = norm("attn_k_norm", 16);
    Value y = value(4, 16);
    List<Node> body = List.of(norm(qNorm, q, value(4, 16)), norm(kNorm, k, value(2, 16)));
    FusedOp.HeadsPrepare op =
        new FusedOp.HeadsPrepare(
            List.of(qNorm), List.of(kNorm), new Op.Rope(16, true), keys, memory, body);
    add(op, "blk.0.heads", List.of(q, k, v, angles), List.of(y));
    return y;
  }

  private Value latentPrepare(boolean transposed, Value q, Value kv, Value angles, CacheRef cache) {
    // 80 values of each head go to the latent space of 32, or 32 stored rows of 80 do.
    TensorInfo weight =
        transposed
            ? tensor("attn_kv_b", TensorType.Q8_0, 32, 96, 4)
            : tensor("attn_k_b", TensorType.F16, 80, 32, 4);
    Op.HeadLinear absorb =
        transposed
            ? new Op.HeadLinear(weight, 96, 16, 80, 32, true)
            : new Op.HeadLinear(weight, 32, 0, 32, 80, false);
    Norm norm = norm("attn_kv_a_norm", 32);
    Value y = value(4, 48);
    List<Node> body = List.of(norm(norm, kv, value(1, 32)), node(absorb, "k_b", List.of(q), y));
    add(
        new FusedOp.LatentPrepare(absorb, norm, new Op.Rope(16, false), cache, body),
        "blk.0.latent",
        List.of(q, kv, angles),
        List.of(y));
    return y;
  }

  private Value attention(Op.Attention op, List<Op.HeadLinear> value, Value q, int width) {
    Value y = value(q.rows(), width);
    List<Node> body = new ArrayList<>();
    body.add(node(op, "blk.0.attend", List.of(q), value(q.rows(), op.dv())));
    value.forEach(linear -> body.add(node(linear, "blk.0.v_b", List.of(q), y)));
    add(new FusedOp.SplitAttention(op, value, body), "blk.0.attn", List.of(q), List.of(y));
    return y;
  }

  private Value linear(String label, Segment segment, String norm, Value... inputs) {
    return linears("blk.0." + label, List.of(segment), norm, false, inputs).getFirst();
  }

  private List<Value> linears(
      String label, List<Segment> segments, String norm, boolean last, Value... inputs) {
    List<Norm> norms = norm.isEmpty() ? List.of() : List.of(norm(norm, inputs[0].width()));
    List<Value> outputs = new ArrayList<>();
    List<Node> body = new ArrayList<>();
    norms.forEach(n -> body.add(norm(n, inputs[0], value(1, inputs[0].width()))));
    for (Segment segment : segments) {
      Value y = value(1, (int) segment.weight().dim(1));
      outputs.add(y);
      for (TensorInfo up : segment.up()) {
        body.add(linearNode(up, inputs[0], value(1, y.width())));
      }
      for (TensorInfo bias : segment.bias()) {
        body.add(node(new Op.AddBias(bias), bias.name(), List.of(y), value(1, y.width())));
      }
      body.add(linearNode(segment.weight(), inputs[0], y));
    }
    add(new FusedOp.Linears(segments, norms, last, body), label, List.of(inputs), outputs);
    return outputs;
  }

  private static Node linearNode(TensorInfo weight, Value x, Value y) {
    return node(new Op.Linear(weight), weight.name().replace(".weight", ""), List.of(x), y);
  }

  private Segment segment(
      String name, TensorType type, long in, long out, boolean bias, boolean residual) {
    List<TensorInfo> biases =
        bias ? List.of(tensor(name + "_bias", TensorType.F32, out)) : List.of();
    return new Segment(tensor(name, type, in, out), List.of(), biases, residual);
  }

  private Segment gated(String suffix, long hidden) {
    TensorInfo gate = tensor("ffn_gate" + suffix, TensorType.Q4_0, WIDTH, hidden);
    TensorInfo up = tensor("ffn_up" + suffix, TensorType.Q8_0, WIDTH, hidden);
    return new Segment(gate, List.of(up), List.of(), false);
  }

  private Value embed() {
    Value x = value(1, WIDTH);
    add(
        new Op.Embed(tensor("token_embd", TensorType.Q4_0, WIDTH, VOCAB)),
        "token_embd",
        List.of(),
        List.of(x));
    return x;
  }

  private Value angles(int rotated) {
    Value angles = value(1, rotated);
    List<Double> frequencies = new ArrayList<>();
    for (int i = 0; i < rotated / 2; i++) {
      frequencies.add(1.0 / (i + 1));
    }
    add(new Op.RopeAngles(frequencies, 1), "angles", List.of(), List.of(angles));
    return angles;
  }

  private Value reshape(Value x, int rows, int width) {
    Value y = value(rows, width);
    add(new Op.Reshape(rows, width), "view", List.of(x), List.of(y));
    return y;
  }

  private CacheRef cache(String name, int width) {
    CacheRef cache = new CacheRef(name, 0, width);
    caches.add(cache);
    return cache;
  }

  private Norm norm(String name, long width) {
    return new Norm(tensor(name, TensorType.F32, width), EPS);
  }

  private static Node norm(Norm norm, Value x, Value y) {
    Op.RmsNorm op = new Op.RmsNorm(norm.weight(), norm.eps());
    return node(op, norm.weight().name().replace(".weight", ""), List.of(x), y);
  }

  private TensorInfo tensor(String name, TensorType type, long... shape) {
    String full = "blk.0." + name + ".weight";
    if (model.tensor(full).isEmpty()) {
      model.tensor(full, type, shape);
    }
    return model.tensor(full).orElseThrow();
  }

  private Value value(int rows, int width) {
    return new Value(values++, rows, width);
  }

  private static Node node(Op op, String label, List<Value> inputs, Value output) {
    return new Node(op, inputs, List.of(output), label, 0);
  }

  private void add(Op op, String label, List<Value> inputs, List<Value> outputs) {
    nodes.add(new Node(op, inputs, outputs, label, 0));
  }

  private Plan plan(Value h, int prefillTokens) {
    Segment head = segment("output", TensorType.Q8_0, WIDTH, VOCAB, false, false);
    Value logits = linears("output", List.of(head), "output_norm", true, h).getFirst();
    add(new Op.Sample(), "sample", List.of(logits), List.of());
    Lowered lowered =
        Lowering.lower(
            new Graph(nodes, caches, logits),
            model,
            DeviceProfile.of("cpu"),
            new Tuning(TuningDatabase.EMPTY, "cpu"),
            CONTEXT,
            prefillTokens);
    return new Plan(
        "test",
        new ModelRef("test", "test", "", VOCAB, 1, WIDTH, CONTEXT, "q4_0", model.fileBytes()),
        "cpu",
        lowered.kernels(),
        lowered.buffers(),
        lowered.tensors(),
        lowered.programs(),
        List.of(),
        List.of());
  }
}
