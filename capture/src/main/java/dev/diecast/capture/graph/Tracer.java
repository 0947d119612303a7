package dev.diecast.capture.graph;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records the operations of one symbolic step, in the order in which an architecture states them.
 *
 * <p>Weights are named without their suffix and, inside a layer, without its prefix: in layer 3
 * {@code "attn_q"} is the tensor {@code blk.3.attn_q.weight}. Every operation checks its operands
 * and the shape and type of its weight; a {@link PlanException} names the tensor, what was expected
 * and what was found.
 */
public final class Tracer {
  private static final int OUTSIDE = -1;

  private final Weights weights;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, CacheRef> caches = new LinkedHashMap<>();
  private final Map<Op.RopeAngles, Value> angles = new HashMap<>();
  private int layer = OUTSIDE;
  private int nextId;

  /** A trace of that model. */
  public Tracer(ModelSource source) {
    this.weights = new Weights(source);
  }

  /** What follows belongs to that layer. */
  public void enterLayer(int layer) {
    this.layer = layer;
  }

  /** What follows belongs to no layer. */
  public void leaveLayers() {
    layer = OUTSIDE;
  }

  /** Whether the model has the tensor of that name and suffix, {@code weight} or {@code bias}. */
  public boolean has(String name, String suffix) {
    return weights.has(scoped(name) + "." + suffix);
  }

  /** The number of rows of a matrix whose height only the file knows: the vocabulary. */
  public int rowsOf(String name) {
    return weights.rows(scoped(name), weight(name));
  }

  /** Leaves a tensor of this scope out on purpose. */
  public void leaveOut(String name) {
    weights.leaveOut(weight(name));
  }

  /** Leaves the tensors of a whole layer out on purpose. */
  public void leaveOutLayer(int unused) {
    weights.leaveOutPrefix("blk." + unused + ".");
  }

  /** This token's row of the table: 1 x width. */
  public Value embed(String table, int width, int vocab) {
    TensorInfo tensor = weights.matrix(scoped(table), weight(table), width, vocab);
    return emit(new Op.Embed(tensor), scoped(table), 1, width);
  }

  /** Each row of x normalised and weighted. */
  public Value rmsNorm(Value x, String name, double eps) {
    TensorInfo tensor = weights.vector(scoped(name), weight(name), x.width());
    return emit(new Op.RmsNorm(tensor, eps), scoped(name), x.rows(), x.width(), x);
  }

  /** The matrix times each row of x: x.rows x out. */
  public Value linear(Value x, String name, int out) {
    TensorInfo tensor = weights.matrix(scoped(name), weight(name), x.width(), out);
    return emit(new Op.Linear(tensor), scoped(name), x.rows(), out, x);
  }

  /** x plus the bias of that name. */
  public Value addBias(Value x, String name) {
    String bias = scoped(name) + ".bias";
    TensorInfo tensor = weights.vector(scoped(name), bias, x.width());
    return emit(new Op.AddBias(tensor), bias, x.rows(), x.width(), x);
  }

  /** One rows x cols matrix per row (head) of x, stored as GGUF [cols, rows, heads]. */
  public Value headLinear(Value x, String name, int rows) {
    int cols = x.width();
    TensorInfo tensor = weights.matrix(scoped(name), weight(name), cols, rows, x.rows());
    Op op = new Op.HeadLinear(tensor, rows, 0, rows, cols, false);
    return emit(op, scoped(name), x.rows(), rows, x);
  }

  /**
   * One matrix per head out of a tensor that stacks several parts per head, GGUF [cols, heads *
   * rowsPerHead]: rows firstRow to firstRow + rows of each head.
   *
   * @param transposed whether x multiplies from the rows' side: x.width = rows, result cols
   * @param label what the part is called in dumps
   */
  public Value headLinearPart(
      Value x,
      String name,
      int rowsPerHead,
      int firstRow,
      int rows,
      int cols,
      boolean transposed,
      String label) {
    require(
        firstRow >= 0 && rows > 0 && firstRow <= rowsPerHead - rows,
        "%s takes rows %d to %d of %d per head"
            .formatted(scoped(label), firstRow, firstRow + rows, rowsPerHead));
    require(
        x.width() == (transposed ? rows : cols),
        "%s has operand width %d for %d x %d".formatted(scoped(label), x.width(), rows, cols));
    TensorInfo tensor =
        weights.matrix(scoped(label), weight(name), cols, (long) x.rows() * rowsPerHead);
    Op op = new Op.HeadLinear(tensor, rowsPerHead, firstRow, rows, cols, transposed);
    return emit(op, scoped(label), x.rows(), transposed ? cols : rows, x);
  }

  /** a + b. */
  public Value add(Value a, Value b, String label) {
    requireSameShape(a, b, label);
    return emit(new Op.Add(), scoped(label), a.rows(), a.width(), a, b);
  }

  /** a * b, element by element. */
  public Value mul(Value a, Value b, String label) {
    requireSameShape(a, b, label);
    return emit(new Op.Mul(), scoped(label), a.rows(), a.width(), a, b);
  }

  /** x * sigmoid(x). */
  public Value silu(Value x, String label) {
    return emit(new Op.Silu(), scoped(label), x.rows(), x.width(), x);
  }

  /** The elements of x as rows x width. */
  public Value reshape(Value x, int rows, int width, String label) {
    require(
        rows > 0 && width > 0 && x.elements() == (long) rows * width,
        "%s cannot shape %d x %d as %d x %d"
            .formatted(scoped(label), x.rows(), x.width(), rows, width));
    return emit(new Op.Reshape(rows, width), scoped(label), rows, width, x);
  }

  /** Columns from (inclusive) to (exclusive) of each row. */
  public Value slice(Value x, int from, int to, String label) {
    require(
        0 <= from && from < to && to <= x.width(),
        "%s cannot take columns %d to %d of %d".formatted(scoped(label), from, to, x.width()));
    return emit(new Op.Slice(from, to), scoped(label), x.rows(), to - from, x);
  }

  /** The columns of a followed by those of b, row by row. */
  public Value concat(Value a, Value b, String label) {
    require(
        a.rows() == b.rows(),
        "%s cannot join %d rows to %d rows".formatted(scoped(label), a.rows(), b.rows()));
    int width = Math.addExact(a.width(), b.width());
    return emit(new Op.Concat(), scoped(label), a.rows(), width, a, b);
  }

  /**
   * The rotation angles of this token's position: recorded once per graph for equal frequencies,
   * however many layers ask.
   */
  public Value ropeAngles(List<Double> inverseFrequencies, double magnitude) {
    Op.RopeAngles op = new Op.RopeAngles(inverseFrequencies, magnitude);
    require(
        Double.isFinite(magnitude) && inverseFrequencies.stream().allMatch(Double::isFinite),
        "rope_angles has frequencies without bounds: the metadata of rope is out of range");
    Value known = angles.get(op);
    if (known != null) {
      return known;
    }
    Value value = emit(op, "rope_angles", 1, 2 * inverseFrequencies.size());
    angles.put(op, value);
    return value;
  }

  /** Rotates the first columns of each row of x, two for each angle. */
  public Value rope(Value x, Value angles, boolean neox, String label) {
    int nRot = angles.width();
    require(
        angles.rows() == 1 && nRot % 2 == 0 && nRot <= x.width(),
        "%s cannot rotate %d of %d columns".formatted(scoped(label), nRot, x.width()));
    return emit(new Op.Rope(nRot, neox), scoped(label), x.rows(), x.width(), x, angles);
  }

  /** Appends x, flattened, to a cache of this layer; the first write creates the cache. */
  public CacheRef kvWrite(Value x, String name) {
    String full = scoped(name);
    int width = Math.multiplyExact(x.rows(), x.width());
    CacheRef cache = new CacheRef(full, layer, width);
    require(caches.putIfAbsent(full, cache) == null, "%s is written twice".formatted(full));
    effect(new Op.KvWrite(cache), full + "_write", x);
    return cache;
  }

  /**
   * Softmax attention of q (heads x dk) over all cached positions: heads x dv.
   *
   * @param k holds kvHeads * dk columns
   * @param v holds kvHeads * dv columns, or is k, whose first dv columns are then v
   */
  public Value attention(
      Value q, CacheRef k, CacheRef v, int kvHeads, int dv, double scale, String label) {
    int dk = q.width();
    require(Double.isFinite(scale), "%s has scale %s".formatted(scoped(label), scale));
    require(
        kvHeads > 0 && q.rows() % kvHeads == 0,
        "%s cannot share %d kv heads among %d heads".formatted(scoped(label), kvHeads, q.rows()));
    require(
        k.width() == (long) kvHeads * dk && v.width() >= (long) kvHeads * dv,
        "%s reads %d heads of %d and %d from caches of %d and %d columns"
            .formatted(scoped(label), kvHeads, dk, dv, k.width(), v.width()));
    Op op = new Op.Attention(k, v, kvHeads, dk, dv, scale);
    return emit(op, scoped(label), q.rows(), dv, q);
  }

  /** The experts chosen for a token: ids and weights, both 1 x used. */
  public record Routing(Value ids, Value weights) {}

  /**
   * Chooses experts from logits (1 x experts).
   *
   * @param biased whether the tensor {@code exp_probs_b.bias} takes part in the choice
   */
  public Routing route(
      Value logits,
      int used,
      Op.Gating gating,
      boolean normalise,
      double scale,
      boolean biased,
      String label) {
    require(
        logits.rows() == 1 && used > 0 && used <= logits.width(),
        "%s cannot choose %d of %d experts".formatted(scoped(label), used, logits.width()));
    List<TensorInfo> bias =
        biased
            ? List.of(weights.vector(scoped(label), scoped("exp_probs_b.bias"), logits.width()))
            : List.of();
    Value ids = value(1, used);
    Value shares = value(1, used);
    Op op = new Op.Route(used, gating, normalise, scale, bias);
    nodes.add(new Node(op, List.of(logits), List.of(ids, shares), scoped(label), layer));
    return new Routing(ids, shares);
  }

  /**
   * The matrix of each chosen expert times x: used x rows.
   *
   * @param x one row, shared by the slots, or one row per slot
   * @param rowsPerExpert rows that the tensor, GGUF [x.width, rowsPerExpert, experts], keeps per
   *     expert
   * @param label what the part is called in dumps
   */
  public Value expertLinear(
      Value x,
      Value ids,
      String name,
      int experts,
      int rowsPerExpert,
      int firstRow,
      int rows,
      String label) {
    require(
        x.rows() == 1 || x.rows() == ids.width(),
        "%s has %d operand rows for %d experts".formatted(scoped(label), x.rows(), ids.width()));
    require(
        firstRow >= 0 && rows > 0 && firstRow <= rowsPerExpert - rows,
        "%s takes rows %d to %d of %d per expert"
            .formatted(scoped(label), firstRow, firstRow + rows, rowsPerExpert));
    TensorInfo tensor =
        weights.matrix(scoped(label), weight(name), x.width(), rowsPerExpert, experts);
    Op op = new Op.ExpertLinear(tensor, firstRow, rows);
    int used = ids.width();
    return emit(op, scoped(label), used, rows, x, ids);
  }

  /** The sum over slots of weights[j] * x[j]: 1 x x.width. */
  public Value expertCombine(Value x, Value shares, String label) {
    require(
        shares.rows() == 1 && shares.width() == x.rows(),
        "%s has %d weights for %d rows".formatted(scoped(label), shares.width(), x.rows()));
    return emit(new Op.ExpertCombine(), scoped(label), 1, x.width(), x, shares);
  }

  /** x of the step's last token. */
  public Value lastToken(Value x) {
    return emit(new Op.LastToken(), scoped("last_token"), x.rows(), x.width(), x);
  }

  /** An error of this model. */
  public PlanException error(String message) {
    return weights.error(message);
  }

  /** A vector that shapes the trace instead of taking part in it: frequency factors. */
  public TensorInfo constant(String name, int length) {
    return weights.vector(scoped(name), weight(name), length);
  }

  /** Samples from the logits and ends the trace; every tensor of the model must have been used. */
  public Graph sample(Value logits) {
    require(logits.rows() == 1, "sample reads %d rows of logits".formatted(logits.rows()));
    effect(new Op.Sample(), "sample", logits);
    weights.requireAllTaken();
    return new Graph(nodes, List.copyOf(caches.values()), logits);
  }

  private String scoped(String name) {
    return layer == OUTSIDE ? name : "blk." + layer + "." + name;
  }

  private String weight(String name) {
    return scoped(name) + ".weight";
  }

  private Value value(int rows, int width) {
    return new Value(nextId++, rows, width);
  }

  private Value emit(Op op, String label, int rows, int width, Value... inputs) {
    Value out = value(rows, width);
    int owner = op instanceof Op.RopeAngles ? OUTSIDE : layer;
    nodes.add(new Node(op, List.of(inputs), List.of(out), label, owner));
    return out;
  }

  private void effect(Op op, String label, Value x) {
    nodes.add(new Node(op, List.of(x), List.of(), label, layer));
  }

  private void requireSameShape(Value a, Value b, String label) {
    require(
        a.rows() == b.rows() && a.width() == b.width(),
        "%s has operands %d x %d and %d x %d"
            .formatted(scoped(label), a.rows(), a.width(), b.rows(), b.width()));
  }

  private void require(boolean holds, String finding) {
    if (!holds) {
      throw weights.error(finding);
    }
  }
}
