package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FusedBadInputTest {
  @ParameterizedTest
  @CsvSource({
    "rows_0, 0, rows_0 is 0",
    "rows_0, 5, slot w_0 needs 90 bytes",
    "rows_1, 9, slot w_1 needs",
    "cols, 16, cols is 16",
    "n_tokens, 3, slot x needs",
    "x_stride, -1, x_stride is -1",
    "x_stride, 2147483647, slot x needs",
    "y_0_stride, 5, slot y_0 needs",
    "y_1_stride, 9, slot y_1 needs",
    "residual_0_stride, 5, slot residual_0 needs",
    "w_0_row_bytes, 17, w_0_row_bytes is 17",
    "up_1_row_bytes, 33, up_1_row_bytes is 33",
    "up_1_row_bytes, 9223372036854775807, slot up_1 needs 9223372036854775807 bytes",
  })
  void linearsChecksArguments(String name, long value, String message) {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = linears(arena);
      d.bind();
      d.arg(name, value);
      assertThatThrownBy(d::bind).isInstanceOf(PlanException.class).hasMessageContaining(message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "w_0_type, 99, w_0_type is 99",
    "w_0_type, 10, 'w_0_type is 10, no type'",
    "w_0_type, 4294967298, w_0_type is 4294967298",
    "w_0_type, -1, 'w_0_type is -1, but the slot is bound'",
    "w_2_type, 2, 'w_2_type is 2, but the slot is not bound'",
    "up_1_type, -1, 'up_1_type is -1, but the slot is bound'",
    "up_0_type, 2, 'up_0_type is 2, but the slot is not bound'",
  })
  void linearsChecksConstants(String name, long value, String message) {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = linears(arena);
      d.constant(name, value);
      assertThatThrownBy(d::bind).isInstanceOf(PlanException.class).hasMessageContaining(message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "norm, 'slot norm needs 128 bytes'",
    "bias_0, 'slot bias_0 needs 16 bytes'",
    "bias_1, 'linears: bias_1 is bound, up_1 is too'",
    "residual_1, 'linears: residual_1 is bound, up_1 is too'",
    "y_2, 'linears: y_2 is bound, w_2 is not'",
    "residual_3, 'linears: residual_3 is bound, w_3 is not'",
  })
  void linearsChecksOptionalSlots(String slot, String message) {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = linears(arena);
      d.buffer(slot, 12);
      assertThatThrownBy(d::bind).isInstanceOf(PlanException.class).hasMessageContaining(message);
    }
  }

  @Test
  void aSegmentNeedsItsResult() {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = linears(arena);
      d.unbind("y_1");
      assertThatThrownBy(d::bind).hasMessageContaining("slot y_1 needs");
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "7", "2147483647"})
  void anExpertIdOutOfRangeStopsTheRun(int id) {
    try (Arena arena = Arena.ofConfined()) {
      for (int tokens = 1; tokens < 3; tokens++) {
        for (String kernel : new String[] {"expert_gate_up", "expert_down"}) {
          Dispatch d = experts(kernel, tokens, arena);
          Memory.i32(d.address("ids") + 4, id);
          var bound = d.bind();
          assertThatThrownBy(() -> d.run(bound, 1, 1))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage(kernel + ": ids[0][1] is " + id + ", but there are 7 experts");
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "expert_gate_up, gate_expert_bytes, 33, gate_expert_bytes is 33",
    "expert_gate_up, up_expert_bytes, 35, slot up needs",
    "expert_gate_up, n_expert, 8, slot gate needs",
    "expert_gate_up, n_used, 3, slot y needs",
    "expert_gate_up, y_slot_stride, 2, slot y needs",
    "expert_gate_up, x_stride, 33, slot x needs",
    "expert_down, w_expert_bytes, 33, w_expert_bytes is 33",
    "expert_down, n_expert, 8, slot w needs",
    "expert_down, n_used, 3, slot x needs",
    "expert_down, x_slot_stride, 33, slot x needs",
    "expert_down, weights_stride, 3, slot weights needs",
    "expert_down, y_stride, 3, slot y needs",
    "expert_down, residual_stride, 3, slot residual needs",
    "expert_down, shared_cols, 33, shared_cols is 33",
    "expert_down, shared_cols, 96, slot shared needs",
    "expert_down, shared_x_stride, 65, slot shared_x needs",
  })
  void expertsCheckArguments(String kernel, String name, long value, String message) {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = experts(kernel, 2, arena);
      d.bind();
      d.arg(name, value);
      if (name.equals("shared_cols")) {
        d.arg("shared_row_bytes", value / 32 * 34);
      }
      assertThatThrownBy(d::bind).isInstanceOf(PlanException.class).hasMessageContaining(message);
    }
  }

  @Test
  void sharedExpertsNeedWeightsAndActivations() {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = experts("expert_down", 1, arena);
      d.unbind("shared_x");
      assertThatThrownBy(d::bind).hasMessageContaining("slot shared_x needs");
      Dispatch e = experts("expert_down", 1, arena);
      e.unbind("shared");
      e.constant("shared_type", -1);
      assertThatThrownBy(e::bind).hasMessage("expert_down: shared_x is bound, but shared is not");
    }
  }

  /** Two tokens; a Q4_0 segment with a residual and a pair of Q8_0. */
  private static Dispatch linears(Arena arena) {
    Dispatch d = new Dispatch("linears", arena);
    d.buffer("x", 4 * 64);
    d.buffer("w_0", 4 * 18);
    d.buffer("y_0", 4 * 8);
    d.buffer("residual_0", 4 * 8);
    d.buffer("w_1", 8 * 34);
    d.buffer("up_1", 8 * 34);
    d.buffer("y_1", 4 * 16);
    d.arg("n_tokens", 2).arg("cols", 32).arg("x_stride", 32).arg("last_only", 0).arg("eps", 0f);
    for (int i = 0; i < 4; i++) {
      int rows = i == 0 ? 4 : 8;
      d.arg("rows_" + i, rows).arg("y_" + i + "_stride", rows);
      d.arg("residual_" + i + "_stride", rows);
      d.arg("w_" + i + "_row_bytes", i == 0 ? 18L : 34L).arg("up_" + i + "_row_bytes", 34L);
      d.constant("w_" + i + "_type", -1).constant("up_" + i + "_type", -1);
    }
    d.constant("w_0_type", TensorType.Q4_0.id()).constant("w_1_type", TensorType.Q8_0.id());
    return d.constant("up_1_type", TensorType.Q8_0.id());
  }

  /** Seven experts of one Q8_0 row, two of them chosen. */
  private static Dispatch experts(String kernel, int tokens, Arena arena) {
    Dispatch d = new Dispatch(kernel, arena);
    d.buffer("ids", 8L * tokens);
    d.arg("n_tokens", tokens).arg("n_expert", 7).arg("n_used", 2).arg("rows", 1).arg("cols", 32);
    d.active(tokens);
    if (kernel.equals("expert_gate_up")) {
      d.buffer("gate", 7 * 34);
      d.buffer("up", 7 * 34);
      d.buffer("x", 128L * tokens);
      d.buffer("y", 8L * tokens);
      d.constant("gate_type", TensorType.Q8_0.id()).constant("up_type", TensorType.Q8_0.id());
      d.arg("x_stride", 32).arg("y_stride", 2).arg("y_slot_stride", 1).arg("eps", 0f);
      d.arg("gate_row_bytes", 34L).arg("gate_expert_bytes", 34L);
      return d.arg("up_row_bytes", 34L).arg("up_expert_bytes", 34L);
    }
    d.buffer("w", 7 * 34);
    d.buffer("weights", 8L * tokens);
    d.buffer("x", 256L * tokens);
    d.buffer("y", 4L * tokens);
    d.buffer("residual", 4L * tokens);
    d.buffer("shared", 2 * 34);
    d.buffer("shared_x", 256L * tokens);
    d.constant("w_type", TensorType.Q8_0.id()).constant("shared_type", TensorType.Q8_0.id());
    d.arg("x_stride", 64).arg("x_slot_stride", 32).arg("weights_stride", 2).arg("y_stride", 1);
    d.arg("shared_cols", 64).arg("shared_x_stride", 64).arg("residual_stride", 1);
    return d.arg("w_row_bytes", 34L).arg("w_expert_bytes", 34L).arg("shared_row_bytes", 68L);
  }
}
