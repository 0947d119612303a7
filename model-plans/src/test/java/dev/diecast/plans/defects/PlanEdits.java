package dev.diecast.plans.defects;

import dev.diecast.kernels.ArgField;
import dev.diecast.kernels.ArgType;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Edits of sound plans, to plant one defect each. */
public final class PlanEdits {
  private PlanEdits() {}

  /** Another device. */
  public static UnaryOperator<Plan> device(String device) {
    return p ->
        new Plan(
            p.producer(),
            p.model(),
            device,
            p.kernels(),
            p.buffers(),
            p.tensors(),
            p.programs(),
            p.tuning(),
            p.passes());
  }

  /** Edits the model. */
  public static UnaryOperator<Plan> model(UnaryOperator<ModelRef> edit) {
    return p ->
        new Plan(
            p.producer(),
            edit.apply(p.model()),
            p.device(),
            p.kernels(),
            p.buffers(),
            p.tensors(),
            p.programs(),
            p.tuning(),
            p.passes());
  }

  /** Edits the list of kernels. */
  public static UnaryOperator<Plan> kernels(UnaryOperator<List<KernelUse>> edit) {
    return p ->
        new Plan(
            p.producer(),
            p.model(),
            p.device(),
            edit.apply(p.kernels()),
            p.buffers(),
            p.tensors(),
            p.programs(),
            p.tuning(),
            p.passes());
  }

  /** Edits the list of buffers. */
  public static UnaryOperator<Plan> buffers(UnaryOperator<List<PlanBuffer>> edit) {
    return p ->
        new Plan(
            p.producer(),
            p.model(),
            p.device(),
            p.kernels(),
            edit.apply(p.buffers()),
            p.tensors(),
            p.programs(),
            p.tuning(),
            p.passes());
  }

  /** Edits the list of tensors. */
  public static UnaryOperator<Plan> tensors(UnaryOperator<List<PlanTensor>> edit) {
    return p ->
        new Plan(
            p.producer(),
            p.model(),
            p.device(),
            p.kernels(),
            p.buffers(),
            edit.apply(p.tensors()),
            p.programs(),
            p.tuning(),
            p.passes());
  }

  /** Edits the list of programs. */
  public static UnaryOperator<Plan> programs(UnaryOperator<List<Program>> edit) {
    return p -> p.withPrograms(edit.apply(p.programs()));
  }

  /** Edits a buffer. */
  public static UnaryOperator<Plan> buffer(String name, UnaryOperator<PlanBuffer> edit) {
    return buffers(all -> replace(all, buffer -> buffer.name().equals(name), edit));
  }

  /** Edits a tensor. */
  public static UnaryOperator<Plan> tensor(String name, UnaryOperator<PlanTensor> edit) {
    return tensors(all -> replace(all, tensor -> tensor.name().equals(name), edit));
  }

  /** Edits the program decode. */
  public static UnaryOperator<Plan> decode(UnaryOperator<Program> edit) {
    return programs(all -> replace(all, program -> program.name().equals("decode"), edit));
  }

  /** Edits the dispatches of the program decode. */
  public static UnaryOperator<Plan> dispatches(UnaryOperator<List<Dispatch>> edit) {
    return decode(p -> p.withDispatches(edit.apply(p.dispatches())));
  }

  /** Edits an arena value of the program decode. */
  public static UnaryOperator<Plan> value(String label, UnaryOperator<Program.ArenaValue> edit) {
    return decode(p ->
        new Program(
            p.name(),
            p.tokens(),
            p.dispatches(),
            p.arenaLowerBoundBytes(),
            p.arenaNaiveBytes(),
            replace(p.arenaValues(), value -> value.label().equals(label), edit)));
  }

  /** Edits a dispatch of the program decode. */
  public static UnaryOperator<Plan> dispatch(String label, UnaryOperator<Dispatch> edit) {
    return dispatches(all -> replace(all, dispatch -> dispatch.label().equals(label), edit));
  }

  /** Edits the bindings of a dispatch of the program decode. */
  public static UnaryOperator<Plan> bindings(
      String label, UnaryOperator<List<Dispatch.Binding>> edit) {
    return dispatch(
        label,
        d ->
            new Dispatch(
                d.kernel(),
                d.label(),
                d.layer(),
                d.grid(),
                d.threadgroup(),
                edit.apply(d.bindings()),
                d.args(),
                d.barrierBefore(),
                d.sourceOps(),
                d.weightBytes(),
                d.activationBytes(),
                d.flops()));
  }

  /** Edits one binding. */
  public static UnaryOperator<Plan> binding(
      String label, int slot, UnaryOperator<Dispatch.Binding> edit) {
    return bindings(label, all -> replace(all, binding -> binding.slot() == slot, edit));
  }

  /** Edits the expert index of the experts' weights. */
  public static UnaryOperator<Plan> expert(UnaryOperator<Dispatch.ExpertIndex> edit) {
    return binding(
        "blk.0.ffn_up_exps",
        0,
        b -> {
          Dispatch.ExpertIndex expert = b.expert();
          assert expert != null;
          return new Dispatch.Binding(
              b.slot(), b.buffer(), b.offset(), b.bytes(), b.access(), edit.apply(expert));
        });
  }

  /** Edits the argument struct of a dispatch. */
  public static UnaryOperator<Plan> args(String label, UnaryOperator<byte[]> edit) {
    return dispatch(label, d -> d.withArgs(edit.apply(d.args())));
  }

  /** Sets an argument of a dispatch. */
  public static UnaryOperator<Plan> arg(String label, String kernel, String field, long value) {
    KernelContract contract = KernelCatalog.get(kernel);
    return args(
        label,
        bytes -> {
          byte[] edited = bytes.clone();
          ByteBuffer struct = ByteBuffer.wrap(edited).order(ByteOrder.LITTLE_ENDIAN);
          int at = contract.args().offsetOf(field);
          if (contract.args().fields().contains(new ArgField(field, ArgType.I64))) {
            struct.putLong(at, value);
          } else {
            struct.putInt(at, Math.toIntExact(value));
          }
          return edited;
        });
  }

  /** Edits the function constants of the kernel that a dispatch of the program decode runs. */
  public static UnaryOperator<Plan> constants(
      String label, UnaryOperator<List<KernelUse.Constant>> edit) {
    return p -> {
      int used =
          p.programs().getFirst().dispatches().stream()
              .filter(dispatch -> dispatch.label().equals(label))
              .findFirst()
              .orElseThrow()
              .kernel();
      List<KernelUse> all = new ArrayList<>(p.kernels());
      KernelUse k = all.get(used);
      all.set(
          used,
          new KernelUse(k.name(), k.sourceHash(), edit.apply(k.constants()), k.threadgroupBytes()));
      return kernels(_ -> all).apply(p);
    };
  }

  public static UnaryOperator<Plan> constant(String label, String name, long value) {
    return constants(
        label,
        all -> replace(all, c -> c.name().equals(name), c -> new KernelUse.Constant(name, value)));
  }

  /** Sets whether a barrier precedes a dispatch. */
  public static UnaryOperator<Plan> barrier(String label, boolean barrier) {
    return dispatch(
        label,
        d ->
            new Dispatch(
                d.kernel(),
                d.label(),
                d.layer(),
                d.grid(),
                d.threadgroup(),
                d.bindings(),
                d.args(),
                barrier,
                d.sourceOps(),
                d.weightBytes(),
                d.activationBytes(),
                d.flops()));
  }

  /** The binding with another range. */
  public static Dispatch.Binding at(Dispatch.Binding b, long offset, long bytes) {
    return new Dispatch.Binding(b.slot(), b.buffer(), offset, bytes, b.access(), b.expert());
  }

  /** The binding in another buffer. */
  public static Dispatch.Binding in(Dispatch.Binding b, int buffer) {
    return new Dispatch.Binding(b.slot(), buffer, b.offset(), b.bytes(), b.access(), b.expert());
  }

  /** The list without some. */
  public static <T> List<T> without(List<T> all, Predicate<T> which) {
    return all.stream().filter(which.negate()).toList();
  }

  /** The list and one more. */
  public static <T> List<T> with(List<T> all, T more) {
    List<T> grown = new ArrayList<>(all);
    grown.add(more);
    return grown;
  }

  private static <T> List<T> replace(List<T> all, Predicate<T> which, UnaryOperator<T> edit) {
    assert all.stream().anyMatch(which) : "nothing to edit";
    Function<T, T> choose = each -> which.test(each) ? edit.apply(each) : each;
    return all.stream().map(choose).toList();
  }
}
