package dev.diecast.plans.verify;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Each dispatch for itself: numbers, bindings, and what the kernel's contract asks for. */
final class DispatchCheck {
  /** Slots 0 to 30, one of them for the argument struct. */
  private static final int MAX_SLOT = 30;

  private static final long MAX_THREADS = 1024;

  /** Devices that run the MSL kernels. */
  private static final Set<String> GPUS = Set.of("metal", "cuda");

  private final Plan plan;
  private final Findings findings;
  private final BindingCheck bindings;
  private final boolean gpu;
  private final ConstantCheck constants;
  private final LaunchCheck launches;
  private final MatrixCheck matrices;
  private final ArgumentCheck arguments;
  private final SpanCheck spans;
  private final List<@Nullable KernelContract> contracts = new ArrayList<>();

  DispatchCheck(Plan plan, TensorMap tensors, Findings findings) {
    this.plan = plan;
    this.findings = findings;
    this.bindings = new BindingCheck(plan, tensors, findings);
    this.gpu = GPUS.contains(plan.device());
    this.constants = new ConstantCheck(gpu, findings);
    this.launches = new LaunchCheck(findings);
    this.matrices = new MatrixCheck(findings);
    this.arguments = new ArgumentCheck(findings);
    this.spans = new SpanCheck(findings);
    plan.kernels().forEach(use -> contracts.add(KernelCatalog.find(use.name()).orElse(null)));
  }

  void run(Program program) {
    for (int i = 0; i < program.dispatches().size(); i++) {
      dispatch(new Place(program, i), program.dispatches().get(i), program.tokens());
    }
  }

  private void dispatch(Place place, Dispatch dispatch, int tokens) {
    numbers(place, dispatch);
    if (!slotsAscend(place, dispatch)) {
      return;
    }
    for (Dispatch.Binding binding : dispatch.bindings()) {
      bindings.range(place, binding);
    }
    if (dispatch.kernel() < 0 || dispatch.kernel() >= contracts.size()) {
      findings.add(place, "the plan has no kernel " + dispatch.kernel());
      return;
    }
    KernelContract contract = contracts.get(dispatch.kernel());
    if (contract == null || !contractHolds(place, contract, dispatch)) {
      return;
    }
    ArgReader args = contract.args().reader(dispatch.args());
    if (contract.args().fields().stream().anyMatch(field -> field.name().equals("n_tokens"))) {
      int step = args.i32("n_tokens");
      if (step < 1 || step > tokens) {
        findings.add(place, "n_tokens = " + step + " in a program of " + tokens);
      }
    }
    KernelUse use = plan.kernels().get(dispatch.kernel());
    Call call = new Call(place, use, contract, args, dispatch);
    for (Dispatch.Binding binding : dispatch.bindings()) {
      bindings.contract(call, binding);
    }
    constants.run(call);
    matrices.run(call);
    arguments.run(call);
    spans.run(call);
    sharing(call);
    if (gpu) {
      launches.run(call);
    }
  }

  private void numbers(Place place, Dispatch dispatch) {
    if (dispatch.layer() < -1 || dispatch.layer() >= plan.model().layers()) {
      findings.add(place, "the model has no layer " + dispatch.layer());
    }
    if (!positive(dispatch.grid())) {
      findings.add(place, "its grid is not positive: " + dispatch.grid());
    }
    Dispatch.Extent threads = dispatch.threadgroup();
    if (!positive(threads)
        || threads.x() * threads.y() > MAX_THREADS
        || threads.x() * threads.y() * threads.z() > MAX_THREADS) {
      findings.add(place, "its threadgroup is not 1 to " + MAX_THREADS + " threads: " + threads);
    }
    if (dispatch.weightBytes() < 0 || dispatch.activationBytes() < 0 || dispatch.flops() < 0) {
      findings.add(place, "its weight bytes, activation bytes or operations are negative");
    }
  }

  // Each extent fits 31 bits, so that a product of two cannot overflow.
  private static boolean positive(Dispatch.Extent extent) {
    return Math.min(extent.x(), Math.min(extent.y(), extent.z())) >= 1
        && Math.max(extent.x(), Math.max(extent.y(), extent.z())) <= Integer.MAX_VALUE;
  }

  private boolean slotsAscend(Place place, Dispatch dispatch) {
    int previous = -1;
    for (Dispatch.Binding binding : dispatch.bindings()) {
      if (binding.slot() <= previous) {
        findings.add(place, "slot " + binding.slot() + " after slot " + previous);
        return false;
      }
      if (binding.slot() > MAX_SLOT) {
        findings.add(place, "slot " + binding.slot() + " is above " + MAX_SLOT);
        return false;
      }
      previous = binding.slot();
    }
    return true;
  }

  private boolean contractHolds(Place place, KernelContract contract, Dispatch dispatch) {
    boolean holds = true;
    for (Slot slot : contract.slots()) {
      if (!slot.optional()
          && dispatch.bindings().stream().noneMatch(binding -> binding.slot() == slot.index())) {
        findings.add(place, contract.name() + " needs slot " + slot.index() + " " + slot.name());
        holds = false;
      }
    }
    for (Dispatch.Binding binding : dispatch.bindings()) {
      if (binding.slot() >= contract.slots().size()) {
        findings.add(place, contract.name() + " has no slot " + binding.slot());
        holds = false;
      }
    }
    if (dispatch.args().length != contract.args().byteSize()) {
      findings.add(
          place,
          dispatch.args().length
              + " argument bytes, but "
              + contract.name()
              + " takes "
              + contract.args().byteSize());
      holds = false;
    }
    return holds;
  }

  /** No two slots share bytes that the dispatch writes, unless the kernel works in place. */
  private void sharing(Call call) {
    List<Dispatch.Binding> bound = call.dispatch().bindings();
    for (Dispatch.Binding written : bound) {
      if (!written.access().writes()) {
        continue;
      }
      for (Dispatch.Binding other : bound) {
        if (other.slot() != written.slot() && share(other, written)) {
          sharing(call, other, written);
        }
      }
    }
  }

  private boolean share(Dispatch.Binding a, Dispatch.Binding b) {
    return a.buffer() == b.buffer()
        && Ranges.holds(plan, a)
        && Ranges.holds(plan, b)
        && Ranges.overlap(a.offset(), a.bytes(), b.offset(), b.bytes());
  }

  private void sharing(Call call, Dispatch.Binding other, Dispatch.Binding written) {
    KernelContract contract = call.contract();
    String read = call.slot(other).name();
    String write = call.slot(written).name();
    boolean same = other.offset() == written.offset() && other.bytes() == written.bytes();
    if (InPlace.disjointByMeaning(contract, read, write)) {
      return;
    }
    if (!same || !InPlace.allowed(contract, read, write)) {
      findings.add(
          call.place(), "it writes " + write + " over bytes that it also binds as " + read);
    } else if (!InPlace.sameStrides(contract, call.args(), read, write)) {
      findings.add(call.place(), write + " is " + read + ", but their strides differ");
    }
  }
}
