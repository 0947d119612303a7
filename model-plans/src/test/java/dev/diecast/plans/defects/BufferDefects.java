package dev.diecast.plans.defects;

import static dev.diecast.plans.defects.Defect.defect;
import static dev.diecast.plans.defects.PlanEdits.buffer;
import static dev.diecast.plans.defects.PlanEdits.buffers;
import static dev.diecast.plans.defects.PlanEdits.tensor;
import static dev.diecast.plans.defects.PlanEdits.tensors;
import static dev.diecast.plans.defects.PlanEdits.with;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import java.util.function.UnaryOperator;

/** Buffers, windows and tensors. */
final class BufferDefects {
  private static final int KV = 2;

  private BufferDefects() {}

  static List<Defect> all() {
    return List.of(
        defect(
            "window beyond the end of its file",
            "buffer weights",
            "not inside file 0",
            window(0, 64, 30_000)),
        defect(
            "window size that overflows",
            "buffer weights",
            "not inside file 0",
            window(0, Long.MAX_VALUE - 3, 1000)),
        defect("window of 4 GiB", "buffer weights", "is not below 4 GiB", window(0, 0, 1L << 32)),
        defect(
            "window of a file that is not there",
            "buffer weights",
            "the model has no file 1",
            window(1, 64, 1000)),
        defect(
            "window at a misaligned file offset",
            "buffer weights",
            "file offset 66 is no multiple",
            window(0, 66, 1000)),
        defect(
            "two buffers of one name",
            "buffer kv",
            "two buffers have that name",
            buffers(a -> with(a, a.get(KV)))),
        defect(
            "two arenas",
            "buffers",
            "2 buffers hold the arena",
            buffers(all -> with(all, new PlanBuffer.Arena("more", 64)))),
        defect(
            "no step state",
            "buffers",
            "0 buffers hold the state",
            buffers(all -> without(all, "state"))),
        defect(
            "no logits buffer",
            "buffers",
            "'logits' is missing",
            buffers(all -> without(all, "logits"))),
        defect(
            "no prompt buffer",
            "buffers",
            "'prompt' is missing",
            buffers(all -> without(all, "prompt"))),
        defect(
            "state of the wrong size",
            "buffer state",
            "is not 1088",
            buffer("state", b -> state(b, 1089))),
        defect(
            "logits of the wrong size",
            "buffer logits",
            "is not 256",
            buffer("logits", b -> io(b, 255))),
        defect(
            "prompt too small",
            "buffer prompt",
            "do not hold the 16",
            buffer("prompt", b -> io(b, 15))),
        defect(
            "ring of the wrong size", "buffer ring", "is not 4096", buffer("ring", b -> io(b, 4))),
        defect(
            "unknown io buffer",
            "buffer printer",
            "no io buffer has that name",
            buffers(all -> with(all, new PlanBuffer.Io("printer", 4)))),
        defect(
            "buffer of negative size",
            "buffer arena",
            "its size of -1 bytes is not positive",
            buffer("arena", _ -> new PlanBuffer.Arena("arena", -1))),
        defect(
            "tensor outside its window",
            "tensor output.weight",
            "not inside window weights",
            tensor("output.weight", t -> tensorAt(t, t.type(), t.shape(), Long.MAX_VALUE))),
        defect(
            "tensor of the wrong size",
            "tensor output.weight",
            "but its shape and type take 2312",
            tensor("output.weight", t -> tensorAt(t, t.type(), List.of(32L, 68L), t.offset()))),
        defect(
            "tensor size that overflows",
            "tensor output.weight",
            "is too large",
            tensor(
                "output.weight",
                t -> tensorAt(t, t.type(), List.of(1L << 40, 1L << 40), t.offset()))),
        defect(
            "tensor of negative extents",
            "tensor output.weight",
            "holds nothing",
            tensor("output.weight", t -> tensorAt(t, t.type(), List.of(-32L, -64L), t.offset()))),
        defect(
            "tensor of a type that no kernel reads",
            "tensor output.weight",
            "no kernel reads its type q8_1",
            tensor("output.weight", t -> tensorAt(t, TensorType.Q8_1, t.shape(), t.offset()))),
        defect(
            "tensors that overlap",
            "tensor blk.0.attn_k.weight",
            "shares bytes with tensor blk.0.attn_q.weight",
            tensor("blk.0.attn_k.weight", t -> tensorAt(t, t.type(), t.shape(), t.offset() - 32))),
        defect(
            "two tensors of one name",
            "tensor output.weight",
            "two tensors have that name",
            tensors(all -> with(all, all.getLast()))));
  }

  private static UnaryOperator<Plan> window(int file, long offset, long bytes) {
    return buffer("weights", b -> new PlanBuffer.Weights(b.name(), file, offset, bytes));
  }

  private static List<PlanBuffer> without(List<PlanBuffer> all, String name) {
    return PlanEdits.without(all, buffer -> buffer.name().equals(name));
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
}
