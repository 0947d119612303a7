package dev.diecast.plans;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.kernels.TypeConstant;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes plans by hand, for tests. Slots, accesses and argument layouts come from the kernel
 * contracts, and the lives of arena values from their use; offsets and barriers are the caller's.
 */
public final class PlanBuilder {
  private final List<KernelUse> kernels = new ArrayList<>();
  private final Map<String, PlanBuffer> buffers = new LinkedHashMap<>();
  private final List<PlanTensor> tensors = new ArrayList<>();
  private final List<ProgramBuilder> programs = new ArrayList<>();
  private long windowBytes;

  /** An empty plan. */
  public PlanBuilder() {}

  /** A range of a buffer, with the arena value that it belongs to. */
  public record Slice(String buffer, long offset, long bytes, @Nullable String value) {
    /** Part of this range. */
    public Slice at(long from, long length) {
      return new Slice(buffer, offset + from, length, value);
    }
  }

  /** Adds or replaces a buffer. */
  public PlanBuilder buffer(PlanBuffer buffer) {
    buffers.put(buffer.name(), buffer);
    return this;
  }

  /** All of a buffer. */
  public Slice all(String buffer) {
    return new Slice(buffer, 0, known(buffers, buffer).bytes(), null);
  }

  /** Appends a tensor to the window {@code weights}, which grows with it. */
  public Slice tensor(String name, TensorType type, long... shape) {
    long bytes = type.rowBytes(shape[0]);
    for (int i = 1; i < shape.length; i++) {
      bytes *= shape[i];
    }
    long offset = (windowBytes + 31) / 32 * 32;
    windowBytes = offset + bytes;
    buffer(new PlanBuffer.Weights("weights", 0, 64, windowBytes));
    tensors.add(
        new PlanTensor(
            name, type, Arrays.stream(shape).boxed().toList(), index("weights"), offset, bytes));
    return new Slice("weights", offset, bytes, null);
  }

  /** Begins a program. */
  public ProgramBuilder program(String name, int tokens) {
    ProgramBuilder program = new ProgramBuilder(name, tokens);
    programs.add(program);
    return program;
  }

  /** The plan. */
  public Plan build(ModelRef model) {
    return new Plan(
        "diecast test",
        model,
        "cpu",
        kernels,
        List.copyOf(buffers.values()),
        tensors,
        programs.stream().map(ProgramBuilder::build).toList(),
        List.of(new Plan.TuningChoice("gemv_q8_0:32x32", "rows=4")),
        List.of(new Plan.PassReport("fuse", 3, "3 residuals joined their GEMV")));
  }

  private static <T> T known(Map<String, T> map, String name) {
    return Objects.requireNonNull(map.get(name), () -> "nothing is called " + name);
  }

  private int index(String buffer) {
    return List.copyOf(buffers.keySet()).indexOf(buffer);
  }

  private int kernel(String name, List<KernelUse.Constant> constants) {
    KernelUse use = new KernelUse(name, "", constants, 0);
    if (!kernels.contains(use)) {
      kernels.add(use);
    }
    return kernels.indexOf(use);
  }

  /** One program. */
  public final class ProgramBuilder {
    private final String name;
    private final int tokens;
    private final Map<String, Slice> values = new HashMap<>();
    private final Map<String, int[]> lives = new LinkedHashMap<>();
    private final List<DispatchBuilder> dispatches = new ArrayList<>();

    private ProgramBuilder(String name, int tokens) {
      this.name = name;
      this.tokens = tokens;
    }

    /** A value in the arena; it lives from its first to its last use. */
    public Slice value(String label, long offset, long bytes) {
      Slice slice = new Slice("arena", offset, bytes, label);
      values.put(label, slice);
      return slice;
    }

    /** Appends a dispatch. */
    public DispatchBuilder dispatch(String kernel, String label) {
      DispatchBuilder dispatch = new DispatchBuilder(this, KernelCatalog.get(kernel), label);
      dispatches.add(dispatch);
      return dispatch.args("n_tokens", tokens);
    }

    private void touch(Slice slice, int dispatch) {
      if (slice.value() != null) {
        lives.computeIfAbsent(slice.value(), _ -> new int[] {dispatch, dispatch})[1] = dispatch;
      }
    }

    private Program build() {
      List<Program.ArenaValue> arena = new ArrayList<>();
      lives.forEach((label, life) -> {
        Slice slice = known(values, label);
        arena.add(new Program.ArenaValue(label, slice.offset(), slice.bytes(), life[0], life[1]));
      });
      arena.sort(
          Comparator.comparingInt(Program.ArenaValue::firstDispatch)
              .thenComparingLong(Program.ArenaValue::offset));
      long naive = arena.stream().mapToLong(Program.ArenaValue::bytes).sum();
      return new Program(
          name,
          tokens,
          dispatches.stream().map(DispatchBuilder::build).toList(),
          mostAlive(arena),
          naive,
          arena);
    }

    private long mostAlive(List<Program.ArenaValue> arena) {
      long most = 0;
      for (int i = 0; i < dispatches.size(); i++) {
        int at = i;
        most =
            Math.max(
                most,
                arena.stream()
                    .filter(v -> v.firstDispatch() <= at && at <= v.lastDispatch())
                    .mapToLong(Program.ArenaValue::bytes)
                    .sum());
      }
      return most;
    }
  }

  /** One dispatch. */
  public final class DispatchBuilder {
    private final ProgramBuilder program;
    private final KernelContract contract;
    private final String label;
    private final Map<Integer, Dispatch.Binding> bindings = new TreeMap<>();
    private final Map<String, Number> args = new HashMap<>();
    private final Map<String, Long> types = new HashMap<>();
    private final int index;
    private boolean barrier = true;
    private int layer = -1;

    private DispatchBuilder(ProgramBuilder program, KernelContract contract, String label) {
      this.program = program;
      this.contract = contract;
      this.label = label;
      this.index = program.dispatches.size();
      contract.args().fields().forEach(field -> args.put(field.name(), 0));
      if (contract.slots().stream().anyMatch(slot -> slot.name().equals("step"))) {
        bind("step", all("state"));
      }
    }

    /** Binds a slot by name. */
    public DispatchBuilder bind(String slotName, Slice slice) {
      return bind(slotName, slice, null);
    }

    /** Binds a slot whose address depends on the expert. */
    public DispatchBuilder bind(
        String slotName, Slice slice, Dispatch.@Nullable ExpertIndex expert) {
      Slot slot = contract.slot(slotName);
      bindings.put(
          slot.index(),
          new Dispatch.Binding(
              slot.index(),
              index(slice.buffer()),
              slice.offset(),
              slice.bytes(),
              Dispatch.Access.valueOf(slot.access().name()),
              expert));
      program.touch(slice, index);
      return this;
    }

    /** Sets an argument; the others are 0. */
    public DispatchBuilder args(String name, Number value) {
      args.put(name, value);
      return this;
    }

    /** Sets several arguments to one value. */
    public DispatchBuilder args(Number value, String... names) {
      for (String name : names) {
        args.put(name, value);
      }
      return this;
    }

    /** States the type of a slot's weights; those that are not stated are unbound. */
    public DispatchBuilder type(String slot, TensorType type) {
      types.put(TypeConstant.of(slot), (long) type.id());
      return this;
    }

    private List<KernelUse.Constant> constants() {
      return contract.constants().stream()
          .map(constant ->
              new KernelUse.Constant(
                  constant,
                  types.getOrDefault(
                      constant, TypeConstant.is(constant) ? TypeConstant.UNBOUND : 0L)))
          .toList();
    }

    /** May run with the dispatch before it. */
    public DispatchBuilder together() {
      barrier = false;
      return this;
    }

    /** The layer, -1 outside the layers. */
    public DispatchBuilder layer(int number) {
      layer = number;
      return this;
    }

    private Dispatch build() {
      long weights = 0;
      long others = 0;
      for (Dispatch.Binding binding : bindings.values()) {
        if (binding.buffer() == index("weights")) {
          weights += binding.bytes();
        } else {
          others += binding.bytes();
        }
      }
      return new Dispatch(
          kernel(contract.name(), constants()),
          label,
          layer,
          Dispatch.Extent.ONE,
          Dispatch.Extent.ONE,
          List.copyOf(bindings.values()),
          contract.args().pack(args),
          barrier,
          List.of(contract.name()),
          weights,
          others,
          2 * weights);
    }
  }
}
