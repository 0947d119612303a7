package dev.diecast.plans.verify;

import dev.diecast.kernels.Slot;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * The arguments that say which rows of its weights a kernel reads: a row is as long as its values
 * take, and the last row of the last matrix ends inside the bound range.
 */
final class MatrixCheck {
  private final Findings findings;

  MatrixCheck(Findings findings) {
    this.findings = findings;
  }

  /**
   * The names of the arguments that describe the weights of a slot.
   *
   * @param rows rows of one matrix
   * @param cols values of a row
   * @param rowBytes bytes from row to row
   * @param count matrices, empty for one
   * @param stride bytes from matrix to matrix, empty for one
   */
  private record Names(String rows, String cols, String rowBytes, String count, String stride) {
    static Names one(String rows, String cols, String rowBytes) {
      return new Names(rows, cols, rowBytes, "", "");
    }

    boolean in(Call call) {
      return List.of(rows, cols, rowBytes).stream().allMatch(call::takes);
    }
  }

  void run(Call call) {
    for (Dispatch.Binding binding : call.dispatch().bindings()) {
      Slot slot = call.slot(binding);
      Names names = names(call, slot.name());
      if (names.in(call)) {
        matrix(call, slot, binding, names);
      }
    }
  }

  private static Names names(Call call, String slot) {
    String kernel = call.contract().name();
    return switch (slot) {
      case "value" -> new Names("value_rows", "dv", "row_bytes", "heads", "head_bytes");
      case "shared" -> Names.one("rows", "shared_cols", "shared_row_bytes");
      case "gate", "up" -> experts(slot + "_");
      case "w" ->
          switch (kernel) {
            case "expert_down" -> experts("w_");
            case "latent_prepare" -> absorb(call);
            default -> plain(call);
          };
      default -> {
        String number = slot.substring(slot.lastIndexOf('_') + 1);
        yield Names.one("rows_" + number, "cols", slot + "_row_bytes");
      }
    };
  }

  private static Names experts(String prefix) {
    return new Names("rows", "cols", prefix + "row_bytes", "n_expert", prefix + "expert_bytes");
  }

  private static Names absorb(Call call) {
    Long transposed = call.constant("transposed");
    return transposed != null && transposed == 1
        ? new Names("nope", "latent", "row_bytes", "heads", "head_bytes")
        : new Names("latent", "nope", "row_bytes", "heads", "head_bytes");
  }

  private static Names plain(Call call) {
    if (call.takes("expert_bytes")) {
      return new Names("rows", "cols", "row_bytes", "n_expert", "expert_bytes");
    }
    if (call.takes("head_bytes")) {
      return new Names("rows", "cols", "row_bytes", "heads", "head_bytes");
    }
    return Names.one(call.takes("n_vocab") ? "n_vocab" : "rows", "cols", "row_bytes");
  }

  private void matrix(Call call, Slot slot, Dispatch.Binding binding, Names names) {
    long rows = call.args().i32(names.rows());
    long cols = call.args().i32(names.cols());
    long rowBytes = call.args().i64(names.rowBytes());
    long count = names.count().isEmpty() ? 1 : call.args().i32(names.count());
    long stride = names.stride().isEmpty() ? 0 : call.args().i64(names.stride());
    if (rows < 1 || cols < 1 || count < 1) {
      add(call, binding, count + " matrices of " + rows + " rows of " + cols + " values");
      return;
    }
    Optional<TensorType> type = call.weightType(slot);
    if (type.isPresent() && rowBytes != rowBytes(type.get(), cols)) {
      add(
          call,
          binding,
          "a row of "
              + cols
              + " values of "
              + type.get().suffix()
              + " does not take the "
              + rowBytes
              + " bytes that the arguments say");
    } else if (!fit(rows, rowBytes, count, stride, binding.bytes())) {
      add(
          call,
          binding,
          count
              + " matrices of "
              + rows
              + " rows of "
              + rowBytes
              + " bytes with a stride of "
              + stride
              + " are not inside its "
              + binding.bytes()
              + " bytes");
    }
  }

  // Of int32 values, so it cannot overflow; no size when they are no whole blocks.
  private static long rowBytes(TensorType type, long cols) {
    return cols % type.blockValues() == 0 ? cols / type.blockValues() * type.blockBytes() : -1;
  }

  // (count - 1) * stride + rows * rowBytes <= limit, without overflow.
  private static boolean fit(long rows, long rowBytes, long count, long stride, long limit) {
    if (stride < 0 || rowBytes > limit / rows) {
      return false;
    }
    long left = limit - rows * rowBytes;
    return count == 1 || stride <= left / (count - 1);
  }

  private void add(Call call, Dispatch.Binding binding, String message) {
    findings.add(call.place(), "slot " + binding.slot() + ": " + message);
  }
}
