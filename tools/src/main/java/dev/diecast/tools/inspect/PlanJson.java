package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.Program;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A plan as a JSON tree. The names are a contract with scripts: they are only ever added to. */
final class PlanJson {
  private final Plan plan;
  private final CostModel model;
  private final PlanNames names;
  private final BoundTensors tensors;
  private final FiredRules rules;

  PlanJson(Plan plan, CostModel model) {
    this.plan = plan;
    this.model = model;
    this.names = new PlanNames(plan);
    this.tensors = new BoundTensors(plan);
    this.rules = new FiredRules(plan);
  }

  ObjectNode plan() {
    ObjectNode root = Json.object();
    root.put("kind", "plan").put("producer", plan.producer()).put("device", plan.device());
    model(root.putObject("model"));
    totals(root.putObject("totals"));
    ArrayNode kernels = root.putArray("kernels");
    plan.kernels().forEach(kernel -> kernel(kernels.addObject(), kernel));
    ArrayNode buffers = root.putArray("buffers");
    plan.buffers().forEach(buffer -> buffer(buffers.addObject(), buffer));
    ArrayNode tensors = root.putArray("tensors");
    plan.tensors().forEach(tensor -> tensor(tensors.addObject(), tensor));
    ArrayNode programs = root.putArray("programs");
    plan.programs().forEach(program -> program(programs.addObject(), program));
    ObjectNode tuning = root.putObject("tuning");
    plan.tuning().forEach(choice -> tuning.put(choice.key(), choice.value()));
    ArrayNode passes = root.putArray("passes");
    for (Plan.PassReport pass : plan.passes()) {
      passes
          .addObject()
          .put("name", pass.name())
          .put("changes", pass.changes())
          .put("summary", pass.summary());
    }
    return root;
  }

  private void model(ObjectNode node) {
    ModelRef model = plan.model();
    node.put("architecture", model.architecture())
        .put("name", model.name())
        .put("fingerprint", model.fingerprint())
        .put("vocab", model.vocab())
        .put("layers", model.layers())
        .put("embedding", model.embedding())
        .put("context", model.context())
        .put("weight_type", model.weightType());
    ArrayNode files = node.putArray("file_bytes");
    model.fileBytes().forEach(files::add);
  }

  private void totals(ObjectNode node) {
    for (Program program : plan.programs()) {
      Map<String, Long> totals = ProgramTotals.of(plan, program).named();
      if (program.name().equals(Program.DECODE)) {
        totals.forEach(node::put);
      }
      ObjectNode own = Json.object();
      totals.forEach(own::put);
      node.set(program.name(), own);
    }
  }

  private static void kernel(ObjectNode node, KernelUse kernel) {
    node.put("name", kernel.name())
        .put("source_hash", kernel.sourceHash())
        .put("threadgroup_bytes", kernel.threadgroupBytes());
    ObjectNode constants = node.putObject("constants");
    kernel.constants().forEach(constant -> constants.put(constant.name(), constant.value()));
    ObjectNode types = node.putObject("weight_types");
    kernel
        .constants()
        .forEach(constant ->
            FunctionConstants.type(constant)
                .ifPresent(type -> types.put(constant.name(), type.suffix())));
  }

  private static void buffer(ObjectNode node, PlanBuffer buffer) {
    node.put("name", buffer.name())
        .put("kind", PlanNames.kind(buffer))
        .put("bytes", buffer.bytes());
    if (buffer instanceof PlanBuffer.Weights weights) {
      node.put("file_index", weights.fileIndex()).put("file_offset", weights.fileOffset());
    }
  }

  private void tensor(ObjectNode node, PlanTensor tensor) {
    node.put("name", tensor.name()).put("type", tensor.type().suffix());
    ArrayNode shape = node.putArray("shape");
    tensor.shape().forEach(shape::add);
    node.put("buffer", names.buffer(tensor.buffer()))
        .put("offset", tensor.offset())
        .put("bytes", tensor.bytes());
  }

  private void program(ObjectNode node, Program program) {
    node.put("name", program.name()).put("tokens", program.tokens());
    ProgramCost cost = model.cost(program);
    CostJson.program(node.putObject("cost"), cost);
    CostJson.fusion(node.putObject("fusion"), FusionRate.of(program));
    CostJson.layers(node.putArray("layers"), program, cost);
    CostJson.kernels(node.putArray("kernel_budget"), plan, program, cost);
    ArrayNode values = node.putArray("arena_values");
    for (Program.ArenaValue value : program.arenaValues()) {
      values
          .addObject()
          .put("label", value.label())
          .put("offset", value.offset())
          .put("bytes", value.bytes())
          .put("first_dispatch", value.firstDispatch())
          .put("last_dispatch", value.lastDispatch());
    }
    ArrayNode dispatches = node.putArray("dispatches");
    for (Dispatch dispatch : program.dispatches()) {
      ObjectNode each = dispatches.addObject();
      each.put("index", dispatches.size() - 1);
      dispatch(each, dispatch);
      CostJson.dispatch(each.putObject("cost"), cost.dispatches().get(each.get("index").asInt()));
    }
  }

  private void dispatch(ObjectNode node, Dispatch dispatch) {
    node.put("label", dispatch.label())
        .put("kernel", names.kernel(dispatch))
        .put("layer", dispatch.layer())
        .put("barrier_before", dispatch.barrierBefore());
    extent(node.putArray("grid"), dispatch.grid());
    extent(node.putArray("threadgroup"), dispatch.threadgroup());
    ArrayNode bindings = node.putArray("bindings");
    dispatch.bindings().forEach(binding -> binding(bindings.addObject(), dispatch, binding));
    ObjectNode args = node.putObject("args");
    names
        .args(dispatch)
        .forEach((name, value) -> {
          switch (value) {
            case Float real -> args.put(name, real);
            default -> args.put(name, value.longValue());
          }
        });
    ArrayNode ops = node.putArray("source_ops");
    dispatch.sourceOps().forEach(ops::add);
    ArrayNode fired = node.putArray("rules");
    rules.of(dispatch).forEach(fired::add);
    node.put("weight_bytes", dispatch.weightBytes())
        .put("activation_bytes", dispatch.activationBytes())
        .put("flops", dispatch.flops());
  }

  private void binding(ObjectNode node, Dispatch dispatch, Dispatch.Binding binding) {
    node.put("slot", binding.slot())
        .put("name", names.slot(dispatch, binding.slot()))
        .put("buffer", names.buffer(binding.buffer()))
        .put("offset", binding.offset())
        .put("bytes", binding.bytes())
        .put("access", binding.access().name().toLowerCase(Locale.ROOT));
    String tensor = tensors.name(binding);
    if (!tensor.isEmpty()) {
      node.put("tensor", tensor);
    }
    Dispatch.ExpertIndex expert = binding.expert();
    if (expert != null) {
      node.putObject("expert")
          .put("ids_slot", expert.idsSlot())
          .put("count", expert.count())
          .put("stride", expert.stride())
          .put("bytes", expert.bytes());
    }
  }

  private static void extent(ArrayNode node, Dispatch.Extent extent) {
    node.add(extent.x()).add(extent.y()).add(extent.z());
  }
}
