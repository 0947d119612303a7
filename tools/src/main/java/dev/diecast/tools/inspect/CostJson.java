package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.DispatchCost;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Predictions as JSON. Times are microseconds. */
final class CostJson {
  private CostJson() {}

  static void program(ObjectNode node, ProgramCost cost) {
    node.put("profile", cost.profile().name())
        .put("depth", cost.depth())
        .put("stages", cost.stages())
        .put("predicted_us", cost.predictedMicros())
        .put("predicted_us_per_token", cost.predictedMicrosPerToken())
        .put("tok_per_s", cost.tokensPerSecond())
        .put("overhead_us", cost.overheadMicros())
        .put("roofline_us", cost.rooflineMicros())
        .put("roofline_us_per_token", cost.rooflineMicrosPerToken())
        .put("roofline_tok_per_s", cost.rooflineTokensPerSecond());
  }

  static void dispatch(ObjectNode node, DispatchCost cost) {
    node.put("stage", cost.stage())
        .put("weight_bytes", cost.weightBytes())
        .put("kv_bytes", cost.kvBytes())
        .put("other_bytes", cost.otherBytes())
        .put("flops", cost.flops())
        .put("work_us", cost.workMicros())
        .put("overhead_us", cost.overheadMicros())
        .put("predicted_us", cost.predictedMicros())
        .put("roofline_us", cost.rooflineMicros())
        .put("gb_per_s", cost.gigabytesPerSecond())
        .put("bound", CostText.bound(cost));
  }

  static void layers(ArrayNode node, Program program, ProgramCost cost) {
    for (LayerCost layer : LayerCost.of(program, cost)) {
      node.addObject()
          .put("layer", layer.layer())
          .put("first_dispatch", layer.first())
          .put("dispatches", layer.dispatches())
          .put("barriers", layer.barriers())
          .put("weight_bytes", layer.weightBytes())
          .put("kv_bytes", layer.kvBytes())
          .put("predicted_us", layer.predictedMicros())
          .put("roofline_us", layer.rooflineMicros());
    }
  }

  static void kernels(ArrayNode node, Plan plan, Program program, ProgramCost cost) {
    for (KernelBudget kernel : KernelBudget.of(plan, program, cost)) {
      node.addObject()
          .put("kernel", kernel.kernel())
          .put("label", kernel.label())
          .put("constants", kernel.constants())
          .put("calls", kernel.calls())
          .put("us_per_call", kernel.microsPerCall())
          .put("us_per_run", kernel.micros())
          .put("share", kernel.share())
          .put("gb_per_s", kernel.gigabytesPerSecond())
          .put("source_ops_per_dispatch", kernel.fusion().rate())
          .put("meaning", kernel.meaning());
    }
  }

  static void fusion(ObjectNode node, FusionRate rate) {
    node.put("source_ops", rate.sourceOps())
        .put("dispatches", rate.dispatches())
        .put("source_ops_per_dispatch", rate.rate());
  }
}
