package dev.diecast.tools.inspect.page;

import dev.diecast.capture.cost.DispatchCost;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.tools.inspect.BoundTensors;
import dev.diecast.tools.inspect.Display;
import dev.diecast.tools.inspect.PlanNames;
import dev.diecast.tools.inspect.ProgramTotals;
import dev.diecast.tools.inspect.flow.DataFlow;
import dev.diecast.tools.inspect.flow.Dependency;
import dev.diecast.tools.inspect.flow.Layers;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One program of a page. */
final class ProgramData {
  private final Plan plan;
  private final Program program;
  private final ProgramCost cost;
  private final PlanNames names;
  private final BoundTensors tensors;

  ProgramData(Plan plan, Program program, ProgramCost cost) {
    this.plan = plan;
    this.program = program;
    this.cost = cost;
    this.names = new PlanNames(plan);
    this.tensors = new BoundTensors(plan);
  }

  void write(ObjectNode node) {
    node.put("name", Display.name(program.name()))
        .put("tokens", program.tokens())
        .put("typicalLayer", new Layers(program).typical())
        .put("predictedMicros", rounded(cost.predictedMicros()))
        .put("rooflineMicros", rounded(cost.rooflineMicros()))
        .put("overheadMicros", rounded(cost.overheadMicros()));
    ObjectNode totals = node.putObject("totals");
    ProgramTotals.of(plan, program).named().forEach(totals::put);
    ArrayNode dispatches = node.putArray("dispatches");
    for (int i = 0; i < program.dispatches().size(); i++) {
      dispatch(dispatches.addArray(), program.dispatches().get(i), cost.dispatches().get(i));
    }
    ArrayNode values = node.putArray("values");
    for (Program.ArenaValue value : program.arenaValues()) {
      values
          .addArray()
          .add(Display.name(value.label()))
          .add(value.offset())
          .add(value.bytes())
          .add(value.firstDispatch())
          .add(value.lastDispatch());
    }
    ArrayNode edges = node.putArray("edges");
    for (Dependency edge : DataFlow.of(plan, program)) {
      edges
          .addArray()
          .add(edge.from())
          .add(edge.to())
          .add(Display.name(edge.value()))
          .add(edge.bytes());
    }
  }

  private void dispatch(ArrayNode row, Dispatch dispatch, DispatchCost predicted) {
    row.add(Display.name(dispatch.label()))
        .add(dispatch.kernel())
        .add(dispatch.layer())
        .add(dispatch.barrierBefore() ? 1 : 0)
        .add(shape(dispatch))
        .add(predicted.weightBytes())
        .add(predicted.kvBytes())
        .add(predicted.otherBytes())
        .add(predicted.flops())
        .add(rounded(predicted.predictedMicros()))
        .add(rounded(predicted.rooflineMicros()))
        .add(extent(dispatch.grid()) + " x " + extent(dispatch.threadgroup()));
    ArrayNode ops = row.addArray();
    dispatch.sourceOps().forEach(op -> ops.add(Display.name(op)));
    ObjectNode args = row.addObject();
    names
        .args(dispatch)
        .forEach((name, value) -> {
          switch (value) {
            case Float real -> args.put(name, real);
            default -> args.put(name, value.longValue());
          }
        });
    ArrayNode bindings = row.addArray();
    dispatch.bindings().forEach(binding -> binding(bindings.addArray(), binding));
  }

  private void binding(ArrayNode row, Dispatch.Binding binding) {
    row.add(binding.slot())
        .add(binding.buffer())
        .add(binding.offset())
        .add(binding.bytes())
        .add(
            switch (binding.access()) {
              case READ -> "R";
              case WRITE -> "W";
              case READ_WRITE -> "RW";
            })
        .add(tensors.at(binding).map(ProgramData::tensor).orElse(""));
    Dispatch.ExpertIndex expert = binding.expert();
    if (expert != null) {
      row.add(expert.idsSlot()).add(expert.count()).add(expert.stride()).add(expert.bytes());
    }
  }

  private static String tensor(BoundTensors.Part part) {
    return part.name() + " " + part.tensor().type().suffix() + " " + extents(part);
  }

  /** The matrices that it multiplies with, {@code columns x rows}; equal ones once. */
  private String shape(Dispatch dispatch) {
    return dispatch.bindings().stream()
        .flatMap(binding -> tensors.at(binding).stream())
        .filter(part -> part.shape().size() > 1)
        .collect(
            Collectors.groupingBy(ProgramData::extents, LinkedHashMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(e -> e.getValue() > 1 ? e.getValue() + " of " + e.getKey() : e.getKey())
        .collect(Collectors.joining(" + "));
  }

  private static String extents(BoundTensors.Part part) {
    return part.shape().stream().map(String::valueOf).collect(Collectors.joining("\u00d7"));
  }

  private static String extent(Dispatch.Extent extent) {
    return extent.x() + "," + extent.y() + "," + extent.z();
  }

  /** Nanoseconds are enough, and three digits are shorter than sixteen. */
  private static double rounded(double micros) {
    return Math.round(micros * 1e3) / 1e3;
  }
}
