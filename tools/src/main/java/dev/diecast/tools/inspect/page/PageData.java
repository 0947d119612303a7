package dev.diecast.tools.inspect.page;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.CostProfile;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.tools.inspect.Display;
import dev.diecast.tools.inspect.KernelLabels;
import dev.diecast.tools.inspect.PlanNames;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A plan as the page's script wants it. Dispatches, bindings, values and edges are many and so rows
 * of fixed columns; {@code page/data.js} names the columns.
 */
final class PageData {
  private final Plan plan;
  private final List<ProgramCost> costs;

  PageData(Plan plan, CostModel model) {
    this.plan = plan;
    this.costs = plan.programs().stream().map(model::cost).toList();
  }

  ObjectNode json() {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    root.put("producer", Display.name(plan.producer())).put("device", Display.name(plan.device()));
    model(root.putObject("model"));
    costs.stream().findFirst().ifPresent(cost -> profile(root.putObject("profile"), cost));
    ArrayNode kernels = root.putArray("kernels");
    plan.kernels().forEach(kernel -> kernel(kernels.addObject(), kernel));
    ArrayNode buffers = root.putArray("buffers");
    for (PlanBuffer buffer : plan.buffers()) {
      buffers
          .addObject()
          .put("name", Display.name(buffer.name()))
          .put("kind", PlanNames.kind(buffer))
          .put("bytes", buffer.bytes());
    }
    ArrayNode passes = root.putArray("passes");
    for (Plan.PassReport pass : plan.passes()) {
      passes
          .addObject()
          .put("name", Display.name(pass.name()))
          .put("changes", pass.changes())
          .put("summary", Display.text(pass.summary(), 400));
    }
    ArrayNode programs = root.putArray("programs");
    for (int i = 0; i < costs.size(); i++) {
      new ProgramData(plan, plan.programs().get(i), costs.get(i)).write(programs.addObject());
    }
    return root;
  }

  private void model(ObjectNode node) {
    ModelRef model = plan.model();
    node.put("architecture", Display.name(model.architecture()))
        .put("name", Display.name(model.name()))
        .put("fingerprint", Display.name(model.fingerprint()))
        .put("vocab", model.vocab())
        .put("layers", model.layers())
        .put("embedding", model.embedding())
        .put("context", model.context())
        .put("weightType", Display.name(model.weightType()));
  }

  private static void profile(ObjectNode node, ProgramCost cost) {
    CostProfile profile = cost.profile();
    node.put("name", profile.name())
        .put("description", profile.description())
        .put("gbPerSecond", profile.memoryBandwidth().value() / 1e9)
        .put("dispatchMicros", profile.dispatchMicros())
        .put("barrierMicros", profile.barrierMicros())
        .put("source", profile.memoryBandwidth().source())
        .put("depth", cost.depth());
  }

  private static void kernel(ObjectNode node, KernelUse kernel) {
    node.put("name", KernelLabels.of(kernel));
    ObjectNode constants = node.putObject("constants");
    kernel.constants().forEach(c -> constants.put(Display.name(c.name()), c.value()));
    KernelCatalog.find(kernel.name()).ifPresent(contract -> contract(node, contract));
  }

  private static void contract(ObjectNode node, KernelContract contract) {
    node.put("meaning", contract.meaning());
    ObjectNode slots = node.putObject("slots");
    List<Slot> known = contract.slots();
    known.forEach(slot -> slots.put(Integer.toString(slot.index()), slot.name()));
  }
}
