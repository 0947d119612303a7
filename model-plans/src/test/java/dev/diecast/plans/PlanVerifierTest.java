package dev.diecast.plans;

import static dev.diecast.plans.PlanEdits.arg;
import static dev.diecast.plans.PlanEdits.args;
import static dev.diecast.plans.PlanEdits.at;
import static dev.diecast.plans.PlanEdits.barrier;
import static dev.diecast.plans.PlanEdits.binding;
import static dev.diecast.plans.PlanEdits.bindings;
import static dev.diecast.plans.PlanEdits.buffer;
import static dev.diecast.plans.PlanEdits.buffers;
import static dev.diecast.plans.PlanEdits.dispatch;
import static dev.diecast.plans.PlanEdits.dispatches;
import static dev.diecast.plans.PlanEdits.expert;
import static dev.diecast.plans.PlanEdits.in;
import static dev.diecast.plans.PlanEdits.kernels;
import static dev.diecast.plans.PlanEdits.model;
import static dev.diecast.plans.PlanEdits.programs;
import static dev.diecast.plans.PlanEdits.tensor;
import static dev.diecast.plans.PlanEdits.tensors;
import static dev.diecast.plans.PlanEdits.value;
import static dev.diecast.plans.PlanEdits.with;
import static dev.diecast.plans.PlanEdits.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.diecast.plans.Dispatch.Access;
import dev.diecast.plans.Dispatch.Binding;
import dev.diecast.plans.Dispatch.ExpertIndex;
import dev.diecast.plans.Dispatch.Extent;
import dev.diecast.plans.Program.ArenaValue;
import dev.diecast.plans.gguf.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanVerifierTest {
  private static final String Q = "program decode, dispatch 2 (blk.0.attn_q)";
  private static final String EXPERTS = "program decode, dispatch 12 (blk.0.ffn_up_exps)";
  private static final int CONSTANTS = 1;
  private static final int KV = 2;
  private static final int ARENA = 3;
  private static final int LOGITS = 5;

  @Test
  void findsNothingInASoundPlan() {
    assertThat(PlanVerifier.verify(SmallPlan.build())).isEmpty();
    assertThatCode(() -> PlanVerifier.check(SmallPlan.build())).doesNotThrowAnyException();
  }

  @Test
  void throwsTheFirstFindingAndCountsTheOthers() {
    Plan plan =
        PlanEdits.device("abacus").andThen(model(m -> context(m, 0))).apply(SmallPlan.build());

    assertThatThrownBy(() -> PlanVerifier.check("plan.bin", plan))
        .isInstanceOf(PlanException.class)
        .hasMessage("plan.bin: model: context of 0 is not in 1 to 2147483647 (and 1 more)");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({
    "headers",
    "buffersAndTensors",
    "programDefects",
    "ranges",
    "contracts",
    "expertDefects",
    "hazards",
    "arena"
  })
  void findsThePlantedDefect(String location, String message, UnaryOperator<Plan> defect) {
    List<Finding> findings = PlanVerifier.verify(defect.apply(SmallPlan.build()));

    assertThat(findings)
        .anySatisfy(finding -> {
          assertThat(finding.location()).isEqualTo(location);
          assertThat(finding.message()).contains(message);
        });
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        defect("target", "unknown device 'abacus'", PlanEdits.device("abacus")),
        defect("model", "context of 0", model(m -> context(m, 0))),
        defect("model", "context of 4294967296", model(m -> context(m, 1L << 32))),
        defect("model", "no SHA-256", model(m -> fingerprint(m, "ABC"))),
        defect(
            "kernel gemm_q9_9",
            "no kernel has that name",
            kernels(all -> with(all, new KernelUse("gemm_q9_9", "", List.of(), 0)))),
        defect(
            "kernel advance",
            "negative threadgroup memory",
            kernels(all -> with(all, new KernelUse("advance", "", List.of(), -1)))));
  }

  static Stream<Arguments> buffersAndTensors() {
    return Stream.of(
        defect("buffer weights", "not inside file 0", window(0, 64, 30_000)),
        defect("buffer weights", "not inside file 0", window(0, Long.MAX_VALUE - 3, 1000)),
        defect("buffer weights", "is not below 4 GiB", window(0, 0, 1L << 32)),
        defect("buffer weights", "the model has no file 1", window(1, 64, 1000)),
        defect("buffer weights", "file offset 66 is no multiple", window(0, 66, 1000)),
        defect("buffer kv", "two buffers have that name", buffers(a -> with(a, a.get(KV)))),
        defect(
            "buffers",
            "2 buffers hold the arena",
            buffers(all -> with(all, new PlanBuffer.Arena("more", 64)))),
        defect("buffers", "0 buffers hold the state", buffers(all -> without(all, "state"))),
        defect("buffers", "'logits' is missing", buffers(all -> without(all, "logits"))),
        defect("buffers", "'prompt' is missing", buffers(all -> without(all, "prompt"))),
        defect("buffer state", "is not 1088", buffer("state", b -> state(b, 1089))),
        defect("buffer logits", "is not 256", buffer("logits", b -> io(b, 255))),
        defect("buffer prompt", "do not hold the 16", buffer("prompt", b -> io(b, 15))),
        defect("buffer ring", "is not 4096", buffer("ring", b -> io(b, 4))),
        defect(
            "buffer printer",
            "no io buffer has that name",
            buffers(all -> with(all, new PlanBuffer.Io("printer", 4)))),
        defect(
            "buffer arena",
            "its size of -1 bytes is not positive",
            buffer("arena", _ -> new PlanBuffer.Arena("arena", -1))),
        defect(
            "tensor output.weight",
            "not inside window weights",
            tensor("output.weight", t -> tensorAt(t, t.type(), t.shape(), Long.MAX_VALUE))),
        defect(
            "tensor output.weight",
            "but its shape and type take 2312",
            tensor("output.weight", t -> tensorAt(t, t.type(), List.of(32L, 68L), t.offset()))),
        defect(
            "tensor output.weight",
            "is too large",
            tensor(
                "output.weight",
                t -> tensorAt(t, t.type(), List.of(1L << 40, 1L << 40), t.offset()))),
        defect(
            "tensor output.weight",
            "holds nothing",
            tensor("output.weight", t -> tensorAt(t, t.type(), List.of(-32L, -64L), t.offset()))),
        defect(
            "tensor output.weight",
            "no kernel reads its type q8_1",
            tensor("output.weight", t -> tensorAt(t, TensorType.Q8_1, t.shape(), t.offset()))),
        defect(
            "tensor blk.0.attn_k.weight",
            "shares bytes with tensor blk.0.attn_q.weight",
            tensor("blk.0.attn_k.weight", t -> tensorAt(t, t.type(), t.shape(), t.offset() - 32))),
        defect(
            "tensor output.weight",
            "two tensors have that name",
            tensors(all -> with(all, all.getLast()))));
  }

  static Stream<Arguments> programDefects() {
    return Stream.of(
        defect("programs", "'decode' is missing", programs(all -> all.subList(1, 2))),
        defect("program decode", "two programs", programs(all -> with(all, all.getFirst()))),
        defect(
            "program decode", "consumes 2 tokens, not 1", programs(a -> renamed(a, "decode", 2))),
        defect("program prefill-7", "prefill-2", programs(a -> renamed(a, "prefill-7", 2))),
        defect("program prefill-0", "0 tokens", programs(a -> renamed(a, "prefill-0", 0))),
        defect("program decode", "no dispatches", dispatches(_ -> List.of())),
        defect(
            "program decode, dispatch 16 (sample)",
            "must end in advance",
            dispatches(all -> all.subList(0, all.size() - 1))),
        defect(
            "program decode, dispatch 17 (advance)",
            "advance before the end",
            dispatches(all -> with(all, all.getLast()))),
        defect(
            "program decode",
            "a lower bound of 9999 bytes does not fit",
            PlanEdits.decode(p ->
                new Program(p.name(), p.tokens(), p.dispatches(), 9999, 9999, p.arenaValues()))));
  }

  static Stream<Arguments> ranges() {
    return Stream.of(
        defect(Q, "no buffer 99", binding("blk.0.attn_q", 1, b -> in(b, 99))),
        defect(Q, "no buffer -1", binding("blk.0.attn_q", 1, b -> in(b, -1))),
        defect(Q, "not inside buffer arena", binding("blk.0.attn_q", 3, b -> at(b, 8176, 32))),
        defect(
            Q,
            "not inside buffer arena",
            binding("blk.0.attn_q", 3, b -> at(b, 16, Long.MAX_VALUE))),
        defect(Q, "not inside buffer arena", binding("blk.0.attn_q", 3, b -> at(b, -16, 16))),
        defect(Q, "not inside buffer arena", binding("blk.0.attn_q", 3, b -> at(b, 1024, 0))),
        defect(Q, "multiple of 16", binding("blk.0.attn_q", 3, b -> at(b, 1028, 64))),
        defect(Q, "does not fit 32 bits", binding("blk.0.attn_q", 3, b -> at(b, 1L << 32, 64))),
        defect(
            Q, "is no multiple of 2", binding("blk.0.attn_q", 0, b -> at(b, b.offset() + 1, 34))),
        defect(
            "program decode, dispatch 1 (blk.0.attn_norm)",
            "is no multiple of 4",
            binding("blk.0.attn_norm", 1, b -> at(b, b.offset() + 2, 64))),
        defect(
            Q,
            "no tensor of window weights holds",
            binding("blk.0.attn_q", 0, b -> at(b, b.offset(), 1200))),
        defect(Q, "which is read-only", binding("blk.0.attn_q", 3, b -> at(in(b, 0), 0, 34))),
        defect(
            Q, "which is read-only", binding("blk.0.attn_q", 3, b -> at(in(b, CONSTANTS), 0, 64))),
        defect(
            Q, "the model has no layer 1", dispatch("blk.0.attn_q", d -> placed(d, 1, Extent.ONE))),
        defect(
            Q,
            "grid is not positive",
            dispatch("blk.0.attn_q", d -> placed(d, 0, new Extent(1, 0, 1)))),
        defect(
            Q,
            "threadgroup is not 1 to 1024",
            dispatch("blk.0.attn_q", d -> placed(d, 0, new Extent(1 << 30, 1 << 30, 1 << 30)))));
  }

  static Stream<Arguments> contracts() {
    return Stream.of(
        defect(Q, "the plan has no kernel 77", dispatch("blk.0.attn_q", d -> kernel(d, 77))),
        defect(Q, "needs slot 1 x", bindings("blk.0.attn_q", all -> without(all, 1))),
        defect(
            Q,
            "gemv_q8_0 has no slot 6",
            bindings("blk.0.attn_q", all -> with(all, slot(all.getFirst(), 6)))),
        defect(
            Q,
            "slot 31 is above 30",
            bindings("blk.0.attn_q", all -> with(all, slot(all.getFirst(), 31)))),
        defect(Q, "slot 3 after slot 3", bindings("blk.0.attn_q", all -> with(all, all.get(3)))),
        defect(Q, "declares READ for x", binding("blk.0.attn_q", 1, b -> access(b, Access.WRITE))),
        defect(Q, "31 argument bytes", args("blk.0.attn_q", bytes -> Arrays.copyOf(bytes, 31))),
        defect(Q, "n_tokens = 5", arg("blk.0.attn_q", "gemv_q8_0", "n_tokens", 5)),
        defect(
            Q,
            "gemv_q8_0 reads q8_0, but tensor blk.0.ffn_gate_inp.weight is f32",
            binding("blk.0.attn_q", 0, b -> at(b, routerOffset(), 512))),
        defect(Q, "buffer arena cannot be step", binding("blk.0.attn_q", 2, b -> in(b, ARENA))),
        defect(
            "program decode, dispatch 5 (blk.0.k)",
            "buffer logits cannot be cache",
            binding("blk.0.k", 2, b -> at(in(b, LOGITS), 0, 256))),
        defect(
            "program decode, dispatch 0 (token_embd)",
            "buffer arena cannot be tokens",
            binding("token_embd", 1, b -> in(b, ARENA))),
        defect(
            "program decode, dispatch 17 (advance)",
            "cannot be ring",
            binding("advance", 1, b -> at(b, 0, 64))));
  }

  static Stream<Arguments> expertDefects() {
    return Stream.of(
        defect(EXPERTS, "are not inside its 4352 bytes", expert(e -> experts(e, 5, 1088, 1088))),
        defect(
            EXPERTS,
            "are not inside its 4352 bytes",
            expert(e -> experts(e, Long.MAX_VALUE, Long.MAX_VALUE / 2, 1))),
        defect(EXPERTS, "with a stride of 1000", expert(e -> experts(e, 4, 1000, 1088))),
        defect(EXPERTS, "0 experts", expert(e -> experts(e, 0, 1088, 1088))),
        defect(EXPERTS, "the arguments say 4 experts", expert(e -> experts(e, 3, 1088, 1088))),
        defect(
            EXPERTS,
            "slot 9 holds no expert ids",
            expert(e -> new ExpertIndex(9, e.count(), e.stride(), e.bytes()))),
        defect(
            EXPERTS,
            "needs the expert stride",
            binding(
                "blk.0.ffn_up_exps",
                0,
                b -> new Binding(0, b.buffer(), b.offset(), b.bytes(), b.access(), null))),
        defect(
            Q,
            "adds no expert offset to w",
            binding(
                "blk.0.attn_q",
                0,
                b ->
                    new Binding(
                        0,
                        b.buffer(),
                        b.offset(),
                        1088,
                        b.access(),
                        new ExpertIndex(1, 1, 9, 9)))));
  }

  static Stream<Arguments> hazards() {
    return Stream.of(
        defect(
            Q,
            "slot 1 reads bytes of buffer arena that dispatch 1 (blk.0.attn_norm) writes",
            barrier("blk.0.attn_q", false)),
        defect(
            "program decode, dispatch 3 (blk.0.attn_k)",
            "slot 3 writes bytes of buffer arena that dispatch 2 (blk.0.attn_q) writes",
            binding("blk.0.attn_k", 3, b -> at(b, 1024 + 64, 64))),
        defect(
            "program decode, dispatch 4 (blk.0.attn_v)",
            "slot 3 writes bytes of buffer arena that dispatch 3 (blk.0.attn_k) reads",
            binding("blk.0.attn_v", 3, b -> at(b, 512, 128))),
        defect(
            "program decode, dispatch 7 (blk.0.attention)",
            "slot 1 reads bytes of buffer kv that dispatch 5 (blk.0.k) writes",
            barrier("blk.0.attention", false)),
        defect(
            "program decode, dispatch 17 (advance)",
            "slot 0 writes bytes of buffer state that dispatch 16 (sample) writes",
            barrier("advance", false)),
        defect(
            Q,
            "it writes y over bytes that it also binds as x",
            binding("blk.0.attn_q", 3, b -> at(b, 512, 128))),
        defect(
            "program decode, dispatch 13 (blk.0.ffn_residual)",
            "it writes y over bytes that it also binds as residual",
            binding("blk.0.ffn_residual", 4, b -> at(b, 16, 112))),
        defect(
            "program decode, dispatch 13 (blk.0.ffn_residual)",
            "y is residual, but their strides differ",
            arg("blk.0.ffn_residual", "expert_combine", "residual_stride", 16)));
  }

  static Stream<Arguments> arena() {
    return Stream.of(
        defect(
            "program decode, dispatch 8 (blk.0.attended)",
            "lie in no value alive here",
            value("blk.0.partial", v -> life(v, v.firstDispatch(), 7))),
        defect(
            "program decode, dispatch 7 (blk.0.attention)",
            "lie in no value alive here",
            binding("blk.0.attention", 0, b -> at(b, 4096, 128))),
        defect(
            "program decode, dispatch 9 (blk.0.attn_residual)",
            "slot 1 reads blk.0.attended before anything has written arena byte 1088",
            binding("blk.0.attended", 2, b -> at(b, 1024, 64))),
        defect(
            Q,
            "reads blk.0.attn_q before anything has written arena byte 1024",
            binding("blk.0.attn_q", 1, b -> at(b, 1024, 128))),
        defect(
            "program decode, arena value blk.0.attended (bytes 1024 + 128, dispatches 8 to 9)",
            "it shares bytes with blk.0.attn_q (bytes 1024 + 128, dispatches 2 to 9), alive",
            value("blk.0.attn_q", v -> life(v, v.firstDispatch(), 9))),
        defect(
            "program decode, arena value scratch (bytes 8190 + 512, dispatches 16 to 16)",
            "not inside the arena of 8192",
            value("scratch", v -> new ArenaValue(v.label(), 8190, v.bytes(), 16, 16))),
        defect(
            "program decode, arena value last (bytes 512 + 128, dispatches 14 to 18)",
            "it lives from 14 to 18",
            value("last", v -> life(v, 14, 18))));
  }

  /** A value may end where another, in the very same bytes, begins: an operation in place. */
  @Test
  void letsAValueReplaceAnotherInPlace() {
    UnaryOperator<Plan> renamedBySum =
        PlanEdits.decode(p ->
            new Program(
                p.name(),
                p.tokens(),
                p.dispatches(),
                p.arenaLowerBoundBytes(),
                p.arenaNaiveBytes(),
                Stream.concat(
                        p.arenaValues().stream()
                            .map(v -> v.label().equals("x") ? life(v, 0, 9) : v),
                        Stream.of(new ArenaValue("x1", 0, 128, 9, 14)))
                    .toList()));

    assertThat(PlanVerifier.verify(renamedBySum.apply(SmallPlan.build()))).isEmpty();
  }

  private static Arguments defect(String location, String message, UnaryOperator<Plan> edit) {
    return arguments(location, message, edit);
  }

  private static ModelRef context(ModelRef m, long context) {
    return new ModelRef(
        m.architecture(),
        m.name(),
        m.fingerprint(),
        m.vocab(),
        m.layers(),
        m.embedding(),
        context,
        m.weightType(),
        m.fileBytes());
  }

  private static ModelRef fingerprint(ModelRef m, String fingerprint) {
    return new ModelRef(
        m.architecture(),
        m.name(),
        fingerprint,
        m.vocab(),
        m.layers(),
        m.embedding(),
        m.context(),
        m.weightType(),
        m.fileBytes());
  }

  private static UnaryOperator<Plan> window(int file, long offset, long bytes) {
    return buffer("weights", b -> new PlanBuffer.Weights(b.name(), file, offset, bytes));
  }

  private static List<PlanBuffer> without(List<PlanBuffer> all, String name) {
    return PlanEdits.without(all, buffer -> buffer.name().equals(name));
  }

  private static List<Binding> without(List<Binding> all, int slot) {
    return PlanEdits.without(all, binding -> binding.slot() == slot);
  }

  private static PlanBuffer state(PlanBuffer b, long bytes) {
    return new PlanBuffer.State(b.name(), bytes);
  }

  private static PlanBuffer io(PlanBuffer b, long bytes) {
    return new PlanBuffer.Io(b.name(), bytes);
  }

  private static PlanTensor tensorAt(PlanTensor t, TensorType type, List<Long> shape, long offset) {
    return new PlanTensor(t.name(), type, shape, t.buffer(), offset, t.bytes());
  }

  private static long routerOffset() {
    return SmallPlan.build().tensors().stream()
        .filter(tensor -> tensor.name().equals("blk.0.ffn_gate_inp.weight"))
        .findFirst()
        .orElseThrow()
        .offset();
  }

  private static List<Program> renamed(List<Program> all, String name, int tokens) {
    Program p = all.getFirst();
    return with(
        all.subList(1, 2),
        new Program(
            name,
            tokens,
            p.dispatches(),
            p.arenaLowerBoundBytes(),
            p.arenaNaiveBytes(),
            p.arenaValues()));
  }

  private static Dispatch placed(Dispatch d, int layer, Extent extent) {
    return new Dispatch(
        d.kernel(),
        d.label(),
        layer,
        extent,
        extent,
        d.bindings(),
        d.args(),
        d.barrierBefore(),
        d.sourceOps(),
        d.weightBytes(),
        d.activationBytes(),
        d.flops());
  }

  private static Dispatch kernel(Dispatch d, int kernel) {
    return new Dispatch(
        kernel,
        d.label(),
        d.layer(),
        d.grid(),
        d.threadgroup(),
        d.bindings(),
        d.args(),
        d.barrierBefore(),
        d.sourceOps(),
        d.weightBytes(),
        d.activationBytes(),
        d.flops());
  }

  private static Binding slot(Binding b, int slot) {
    return new Binding(slot, b.buffer(), b.offset(), b.bytes(), b.access(), b.expert());
  }

  private static Binding access(Binding b, Access access) {
    return new Binding(b.slot(), b.buffer(), b.offset(), b.bytes(), access, b.expert());
  }

  private static ExpertIndex experts(ExpertIndex e, long count, long stride, long bytes) {
    return new ExpertIndex(e.idsSlot(), count, stride, bytes);
  }

  private static ArenaValue life(ArenaValue v, int first, int last) {
    return new ArenaValue(v.label(), v.offset(), v.bytes(), first, last);
  }
}
