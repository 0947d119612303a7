package dev.diecast.capture.interpret;

import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Value;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a graph one token at a time, in float64, one plain method per operation. It is slow and
 * shares nothing with the kernels, so that it can serve as their oracle.
 */
public final class Interpreter {
  private final Graph graph;
  private final WeightRows weights;
  private final Matrices matrices;
  private final NodeObserver observer;
  private final KvCaches caches = new KvCaches();
  private final double[] @Nullable [] values;
  private int position;

  /** An interpreter before its first token. */
  public Interpreter(Graph graph, WeightReader reader) {
    this(graph, reader, NodeObserver.NONE);
  }

  /** An interpreter before its first token, watched. */
  public Interpreter(Graph graph, WeightReader reader, NodeObserver observer) {
    this.graph = graph;
    this.weights = new WeightRows(reader);
    this.matrices = new Matrices(weights);
    this.observer = observer;
    this.values = new double[countValues(graph)][];
  }

  /** The position of the next token. */
  public int position() {
    return position;
  }

  /** Forgets all tokens. */
  public void reset() {
    caches.clear();
    position = 0;
  }

  /**
   * Runs one token.
   *
   * @return the logits of the token that follows
   * @throws PlanException when the token is outside the vocabulary
   */
  public double[] step(int token) {
    for (Node node : graph.nodes()) {
      run(node, token);
    }
    position++;
    return value(graph.logits()).clone();
  }

  private void run(Node node, int token) {
    if (node.op() instanceof FusedOp.Group group) {
      for (Node part : group.body()) {
        run(part, token);
      }
      observer.computed(position, node, node.outputs().stream().map(this::value).toList());
      return;
    }
    List<double[]> outputs = compute(node, token);
    for (int i = 0; i < outputs.size(); i++) {
      values[node.outputs().get(i).id()] = outputs.get(i);
    }
    observer.computed(position, node, outputs);
  }

  private List<double[]> compute(Node node, int token) {
    return switch (node.op()) {
      case Op.Embed op -> List.of(embed(op.table(), token));
      case Op.RmsNorm op ->
          List.of(Rows.rmsNorm(in(node, 0), weights.vector(op.weight()), op.eps()));
      case Op.Linear op ->
          List.of(matrices.linear(op.weight(), in(node, 0), rows(node), node.output().width()));
      case Op.AddBias op -> List.of(Rows.addBias(in(node, 0), weights.vector(op.bias())));
      case Op.HeadLinear op -> List.of(matrices.headLinear(op, in(node, 0), rows(node)));
      case Op.Add op -> List.of(Rows.add(in(node, 0), in(node, 1)));
      case Op.Mul op -> List.of(Rows.mul(in(node, 0), in(node, 1)));
      case Op.Silu op -> List.of(Rows.silu(in(node, 0)));
      case Op.Reshape op -> List.of(in(node, 0));
      case Op.Slice op -> List.of(Rows.slice(in(node, 0), rows(node), op.from(), op.to()));
      case Op.Concat op -> List.of(Rows.concat(in(node, 0), in(node, 1), rows(node)));
      case Op.RopeAngles op -> List.of(Rows.ropeAngles(op, position));
      case Op.Rope op -> List.of(Rows.rope(op, in(node, 0), rows(node), in(node, 1)));
      case Op.KvWrite op -> remember(op, in(node, 0));
      case Op.Attention op -> List.of(caches.attend(op, in(node, 0), rows(node)));
      case Op.Route op -> route(op, in(node, 0));
      case Op.ExpertLinear op ->
          List.of(matrices.expertLinear(op, in(node, 0), rows(node), in(node, 1)));
      case Op.ExpertCombine op -> List.of(Rows.expertCombine(in(node, 0), in(node, 1)));
      case Op.LastToken op -> List.of(in(node, 0));
      case Op.Sample op -> List.of();
      case FusedOp op -> List.of(FusedRows.compute(op, node, this::value, weights, matrices));
    };
  }

  private double[] embed(TensorInfo table, int token) {
    if (token < 0 || token >= table.dim(1)) {
      throw new PlanException("token " + token + " is outside the vocabulary of " + table.dim(1));
    }
    return weights.row(table, token);
  }

  private List<double[]> remember(Op.KvWrite op, double[] x) {
    caches.append(op.cache(), x);
    return List.of();
  }

  private List<double[]> route(Op.Route op, double[] logits) {
    double[] probabilities = Routing.probabilities(op.gating(), logits);
    double[] scores = probabilities;
    for (TensorInfo bias : op.bias()) {
      scores = Rows.add(scores, weights.vector(bias));
    }
    double[] ids = Routing.largest(scores, op.used());
    return List.of(ids, Routing.weights(op, probabilities, ids));
  }

  private int rows(Node node) {
    return node.inputs().getFirst().rows();
  }

  private double[] in(Node node, int index) {
    return value(node.inputs().get(index));
  }

  private double[] value(Value of) {
    double[] value = values[of.id()];
    if (value == null) {
      throw new IllegalStateException("value " + of.id() + " is read before it is computed");
    }
    return value;
  }

  private static int countValues(Graph graph) {
    int highest = -1;
    for (Node node : graph.nodes()) {
      highest = Math.max(highest, highestValue(node));
    }
    return highest + 1;
  }

  private static int highestValue(Node node) {
    int highest = node.outputs().stream().mapToInt(Value::id).max().orElse(-1);
    if (node.op() instanceof FusedOp.Group group) {
      for (Node part : group.body()) {
        highest = Math.max(highest, highestValue(part));
      }
    }
    return highest;
  }
}
