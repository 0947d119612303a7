package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputTest {
  @ParameterizedTest
  @CsvSource({
    "rows, 0, rows is 0",
    "rows, 5, slot w needs 90 bytes",
    "cols, 40, cols is 40",
    "n_tokens, 0, n_tokens is 0",
    "n_tokens, 3, slot x needs",
    "x_stride, -1, x_stride is -1",
    "x_stride, 2147483647, slot x needs",
    "y_stride, 5, slot y needs",
    "residual_stride, 5, slot residual needs",
    "row_bytes, 17, row_bytes is 17",
    "row_bytes, 9223372036854775807, slot w needs 9223372036854775807 bytes",
  })
  void argumentsAndRangesAreCheckedWhenBound(String name, long value, String message) {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = new Dispatch("gemv_q4_0", arena);
      d.buffer("w", 4 * 18);
      d.buffer("x", 4 * 64);
      d.buffer("y", 4 * 8);
      d.buffer("residual", 4 * 8);
      d.arg("n_tokens", 2).arg("rows", 4).arg("cols", 32).arg("row_bytes", 18L);
      d.arg("x_stride", 32).arg("y_stride", 4).arg("residual_stride", 4);
      d.bind();
      d.arg(name, value);
      assertThatThrownBy(d::bind).isInstanceOf(PlanException.class).hasMessageContaining(message);
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "7", "2147483647"})
  void anExpertIdOutOfRangeStopsTheRun(int id) {
    try (Arena arena = Arena.ofConfined()) {
      for (int tokens = 1; tokens < 3; tokens++) {
        Dispatch d = new Dispatch("expert_gemv_q8_0", arena);
        d.buffer("w", 7 * 34);
        d.buffer("x", 128L * tokens);
        d.buffer("y", 8L * tokens);
        Memory.i32(d.buffer("ids", 8L * tokens) + 4, id);
        d.arg("n_tokens", tokens).arg("n_expert", 7).arg("n_used", 2).arg("rows", 1);
        d.arg("cols", 32).arg("x_stride", 32).arg("x_slot_stride", 0).arg("y_stride", 2);
        d.arg("y_slot_stride", 1).arg("row_bytes", 34L).arg("expert_bytes", 34L);
        d.active(tokens);
        var bound = d.bind();
        assertThatThrownBy(() -> d.run(bound, 1, 1))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("expert_gemv_q8_0: ids[0][1] is " + id + ", but there are 7 experts");
      }
    }
  }

  @Test
  void expertsMustNotOverlap() {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = new Dispatch("expert_gemv_q8_0", arena);
      d.buffer("w", 4096);
      d.arg("n_tokens", 1).arg("n_expert", 7).arg("n_used", 2).arg("rows", 2);
      d.arg("cols", 32).arg("x_stride", 32).arg("x_slot_stride", 0).arg("y_stride", 2);
      d.arg("y_slot_stride", 1).arg("row_bytes", 34L).arg("expert_bytes", 67L);
      assertThatThrownBy(d::bind).hasMessageContaining("expert_bytes is 67");
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "5"})
  void aTokenOutOfTheVocabularyStopsTheRun(int token) {
    try (Arena arena = Arena.ofConfined()) {
      Dispatch d = new Dispatch("embed_f16", arena);
      d.buffer("w", 5 * 16);
      Memory.i32(d.buffer("tokens", 4), token);
      d.buffer("y", 32);
      d.arg("n_tokens", 1).arg("n_vocab", 5).arg("cols", 8).arg("y_stride", 8);
      d.arg("row_bytes", 16L);
      d.active(1);
      var bound = d.bind();
      assertThatThrownBy(() -> d.run(bound, 1, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("embed_f16: tokens[0] is " + token + ", but the vocabulary has 5 tokens");
    }
  }
}
