package dev.diecast.capture.passes;

import dev.diecast.capture.graph.Graph;
import dev.diecast.plans.Plan.PassReport;
import java.util.ArrayList;
import java.util.List;

/** The pipeline: every pass, in the order in which they run. */
public final class Passes {
  /**
   * The table. {@code canonicalize} rules make equal things look equal, {@code legalize} rules
   * build the operations that kernels exist for, {@code fuse} rules save dispatches. The experts'
   * sum goes before the linears', so that a shared expert's output runs beside the experts instead
   * of after them. Norms of heads go with the heads before other norms fold, and linears join
   * before a norm folds into them, so that it is applied once for all. Each rule takes what it
   * finds, fused or not, so any of them can be off.
   */
  public static final List<Pass> STANDARD =
      List.of(
          new CommonSubexpressions(),
          optional(
              "canonicalize-reshape",
              "reshape(reshape(x)) -> reshape(x); reshape to the same shape -> x",
              ViewRules::reshape),
          optional(
              "canonicalize-slice",
              "slice(slice(x)) -> slice(x); slice of all columns -> x",
              ViewRules::slice),
          required("legalize-last-token", "last(norm(x)) -> norm(last(x))", LastTokenRules::hoist),
          required("legalize-last-norm", "norm(last(x)) -> last-norm(x)", LastTokenRules::norm),
          required("legalize-gate", "silu(a) * b -> silu-mul(a, b)", GateRules::siluMul),
          optional(
              "fuse-gate-up",
              "silu-mul(linear(x), linear(x)) -> linears(x) of a gate and up pair",
              GateRules::gateUp),
          optional(
              "fuse-expert-gate-up",
              "silu-mul(expert-linear(x, ids), expert-linear(x, ids)) -> expert-gate-up(x, ids)",
              GateRules::expertGateUp),
          optional("fuse-bias", "linear(x) + bias -> linear-sum(x)", LinearRules::bias),
          optional(
              "fuse-experts",
              "combine(x, w) + shared + residual -> expert-sum(x, w, residual, shared)",
              ExpertRules::sum),
          optional("fuse-residual", "linear(x) + r -> linear-sum(x, r)", LinearRules::residual),
          optional(
              "fuse-expert-down",
              "expert-sum(expert-linear(x, ids), w, r, linear(s)) -> expert-down(x, ids, w, s, r)",
              DownRules::expertDown),
          optional(
              "fuse-heads",
              "rope(norm(q)), rope(norm(k)), kv-write(k), kv-write(v) -> heads-prepare(q, k, v)",
              HeadsRules::prepare),
          optional(
              "fuse-latent",
              "[head-linear(q) | rope(q)], kv-write([norm(kv) | rope(kv)]) -> latent-prepare(q, kv)",
              LatentRules::prepare),
          optional(
              "fuse-attention",
              "head-linear(attention(q)) or attention(q) -> split-attention(q)",
              AttentionRules::split),
          optional(
              "fuse-linear-join",
              "linear(x), linear(x), ... -> linears(x), up to 4 at a time",
              JoinRules::join),
          optional(
              "fuse-norm",
              "norm(x) that only linears and expert-gate-ups read -> done by each of them",
              NormRules::fold),
          optional(
              "fuse-last-norm",
              "linear(last-norm(x)) -> linears(x) of the last token",
              NormRules::foldLast),
          new DeadCode());

  private Passes() {}

  /** A graph after the pipeline and what each pass reports. */
  public record Result(Graph graph, List<PassReport> reports) {
    /** A result with its own copy of the reports. */
    public Result {
      reports = List.copyOf(reports);
    }
  }

  /** Runs the passes of the table that the selection leaves on. */
  public static Result run(Graph graph, PassSelection selection) {
    List<PassReport> reports = new ArrayList<>();
    Graph now = graph;
    for (Pass pass : selection.of(STANDARD)) {
      Pass.Outcome outcome = pass.apply(now);
      reports.add(new PassReport(pass.name(), outcome.changes(), pass.summary()));
      now = outcome.graph();
    }
    return new Result(now, reports);
  }

  private static Pass optional(String name, String summary, Rule rule) {
    return new RewritePass(name, summary, false, rule);
  }

  private static Pass required(String name, String summary, Rule rule) {
    return new RewritePass(name, summary, true, rule);
  }
}
