package dev.diecast.plans.codec;

import static dev.diecast.plans.codec.PlanReader.atLeastZero;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.plans.proto.AccessKind;
import dev.diecast.plans.proto.ArenaValue;
import dev.diecast.plans.proto.BindingSpec;
import dev.diecast.plans.proto.DispatchSpec;
import dev.diecast.plans.proto.ExpertIndex;
import dev.diecast.plans.proto.ProgramSpec;
import java.util.ArrayList;
import java.util.List;

/** The programs of a plan, from messages to records. */
final class ProgramReader {
  private final String where;

  ProgramReader(String where) {
    this.where = where;
  }

  Program program(ProgramSpec program) {
    String at = where + ": program " + program.getName();
    List<Dispatch> dispatches = new ArrayList<>();
    for (DispatchSpec dispatch : program.getDispatchesList()) {
      dispatches.add(dispatch(at, dispatches.size(), dispatch));
    }
    List<Program.ArenaValue> values = new ArrayList<>();
    for (ArenaValue value : program.getArenaValuesList()) {
      values.add(value(at, value));
    }
    return new Program(
        program.getName(),
        (int) atLeastZero(at + ", tokens", program.getTokens()),
        dispatches,
        atLeastZero(at + ", lower bound of the arena", program.getArenaLowerBoundBytes()),
        atLeastZero(at + ", arena without reuse", program.getArenaNaiveBytes()),
        values);
  }

  private static Program.ArenaValue value(String program, ArenaValue value) {
    String at = program + ", arena value " + value.getLabel();
    return new Program.ArenaValue(
        value.getLabel(),
        atLeastZero(at + ", offset", value.getOffset()),
        atLeastZero(at + ", size", value.getBytes()),
        (int) atLeastZero(at + ", first dispatch", value.getFirstDispatch()),
        (int) atLeastZero(at + ", last dispatch", value.getLastDispatch()));
  }

  private static Dispatch dispatch(String program, int index, DispatchSpec dispatch) {
    String at = program + ", dispatch " + index + " (" + dispatch.getLabel() + ")";
    if (dispatch.getLayer() < -1) {
      throw new PlanException(at + ": layer " + dispatch.getLayer());
    }
    List<Dispatch.Binding> bindings = new ArrayList<>();
    for (BindingSpec binding : dispatch.getBindingsList()) {
      bindings.add(binding(at, binding));
    }
    return new Dispatch(
        (int) atLeastZero(at + ": kernel", dispatch.getKernel()),
        dispatch.getLabel(),
        dispatch.getLayer(),
        extent(at + ": grid", dispatch.getGridList()),
        extent(at + ": threadgroup", dispatch.getThreadgroupList()),
        bindings,
        dispatch.getArgs().toByteArray(),
        dispatch.getBarrierBefore(),
        List.copyOf(dispatch.getSourceOpsList()),
        atLeastZero(at + ": weight bytes", dispatch.getWeightBytes()),
        atLeastZero(at + ": activation bytes", dispatch.getActivationBytes()),
        atLeastZero(at + ": operations", dispatch.getFlops()));
  }

  private static Dispatch.Extent extent(String at, List<Long> sizes) {
    if (sizes.size() != 3) {
      throw new PlanException(at + " has " + sizes.size() + " dimensions, not 3");
    }
    return new Dispatch.Extent(
        atLeastZero(at, sizes.get(0)),
        atLeastZero(at, sizes.get(1)),
        atLeastZero(at, sizes.get(2)));
  }

  private static Dispatch.Binding binding(String dispatch, BindingSpec binding) {
    String at = dispatch + ": slot " + binding.getSlot();
    return new Dispatch.Binding(
        (int) atLeastZero(dispatch + ": slot", binding.getSlot()),
        (int) atLeastZero(at + ", buffer", binding.getBuffer()),
        atLeastZero(at + ", offset", binding.getOffset()),
        atLeastZero(at + ", size", binding.getBytes()),
        access(at, binding.getAccess()),
        binding.hasExpert() ? expert(at, binding.getExpert()) : null);
  }

  private static Dispatch.Access access(String at, AccessKind access) {
    return switch (access) {
      case READ -> Dispatch.Access.READ;
      case WRITE -> Dispatch.Access.WRITE;
      case READ_WRITE -> Dispatch.Access.READ_WRITE;
      case UNRECOGNIZED -> throw new PlanException(at + ": unknown access");
    };
  }

  private static Dispatch.ExpertIndex expert(String at, ExpertIndex expert) {
    return new Dispatch.ExpertIndex(
        (int) atLeastZero(at + ", slot of the expert ids", expert.getIdsSlot()),
        atLeastZero(at + ", experts", expert.getCount()),
        atLeastZero(at + ", expert stride", expert.getStride()),
        atLeastZero(at + ", expert size", expert.getBytes()));
  }
}
