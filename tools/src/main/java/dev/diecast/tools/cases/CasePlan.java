package dev.diecast.tools.cases;

import dev.diecast.kernels.GpuConstants;
import dev.diecast.kernels.Slot;
import dev.diecast.kernels.launch.Launch;
import dev.diecast.kernels.msl.KernelModules;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cases as a plan for a GPU, a program of one dispatch for each. It runs no model: a device takes
 * it, a session does not.
 *
 * @param forms what the programs run, in order
 * @param plan those programs
 * @param buffers by case, the plan's buffer behind each bound slot
 */
public record CasePlan(List<CaseForm> forms, Plan plan, List<Map<String, Integer>> buffers) {
  /** Copies the lists. */
  public CasePlan {
    forms = List.copyOf(forms);
    buffers = List.copyOf(buffers);
  }

  /** The plan of those cases for a device. */
  public static CasePlan of(List<CaseForm> forms, String device) {
    List<KernelUse> kernels = new ArrayList<>();
    List<PlanBuffer> buffers = new ArrayList<>();
    List<Program> programs = new ArrayList<>();
    List<Map<String, Integer>> slots = new ArrayList<>();
    for (CaseForm form : forms) {
      KernelUse use = use(form);
      if (!kernels.contains(use)) {
        kernels.add(use);
      }
      slots.add(allocate(form.of(), slots.size(), buffers));
      Dispatch dispatch = dispatch(form, kernels.indexOf(use), slots.getLast());
      programs.add(new Program("case-" + programs.size(), 1, List.of(dispatch), 0, 0, List.of()));
    }
    ModelRef none = new ModelRef("", "kernel cases", "", 0, 0, 0, 0, "", List.of());
    Plan plan =
        new Plan("", none, device, kernels, buffers, List.of(), programs, List.of(), List.of());
    return new CasePlan(forms, plan, slots);
  }

  private static KernelUse use(CaseForm form) {
    KernelModules.Parsed text = KernelModules.of(form.launch().resource());
    List<KernelUse.Constant> constants =
        GpuConstants.of(form.of().contract(), text.module(), form.stated(), form.bound())
            .entrySet()
            .stream()
            .map(constant -> new KernelUse.Constant(constant.getKey(), constant.getValue()))
            .toList();
    long threadgroupBytes =
        text.module()
            .kernel(form.launch().entry())
            .orElseThrow()
            .staticThreadgroupBytes()
            .orElseThrow();
    return new KernelUse(form.of().kernel(), text.hash(), constants, threadgroupBytes);
  }

  private static Map<String, Integer> allocate(
      KernelCase of, int number, List<PlanBuffer> buffers) {
    Map<String, Integer> slots = new LinkedHashMap<>();
    of.slots()
        .forEach((slot, content) -> {
          if (!(content instanceof Content.Same)) {
            slots.put(slot, buffers.size());
            buffers.add(new PlanBuffer.Io(number + "." + slot, content.bytes()));
          }
        });
    of.slots()
        .forEach((slot, content) -> {
          if (content instanceof Content.Same same) {
            slots.put(slot, slots.get(same.slot()));
          }
        });
    return slots;
  }

  private static Dispatch dispatch(CaseForm form, int kernel, Map<String, Integer> buffers) {
    List<Dispatch.Binding> bindings = new ArrayList<>();
    List<Slot> slots = form.of().contract().slots();
    for (int i = 0; i < slots.size(); i++) {
      Integer buffer = buffers.get(slots.get(i).name());
      if (buffer != null) {
        long bytes = form.of().content(slots.get(i).name()).bytes();
        bindings.add(new Dispatch.Binding(i, buffer, 0, bytes, Dispatch.Access.READ_WRITE, null));
      }
    }
    Launch size = form.size();
    return new Dispatch(
        kernel,
        form.of().name(),
        -1,
        new Dispatch.Extent(size.x(), size.y(), size.z()),
        new Dispatch.Extent(size.threads(), 1, 1),
        bindings,
        form.of().packedArgs(),
        false,
        List.of(),
        0,
        0,
        0);
  }
}
