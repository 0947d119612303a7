package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.ops.Native.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.KernelTeam;
import dev.diecast.replay.cpu.ops.SplitAttentionCase.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("vectors")
@Timeout(120)
class SplitAttentionTest {
  private final Arena arena = Arena.ofConfined();
  private final Native data = new Native(arena);

  private SplitAttentionCase newCase(Shape shape, TensorType type) {
    return new SplitAttentionCase(shape, type, arena);
  }

  @AfterEach
  void free() {
    arena.close();
  }

  @ParameterizedTest
  @CsvSource({
    // heads, kv heads, dk, dv, mla, splits, tokens, position, rows, type, active
    "1, 1, 1, 1, false, 1, 1, 0, 0, F32, 1",
    "14, 2, 64, 64, false, 8, 1, 0, 0, F32, 1",
    "14, 2, 64, 64, false, 8, 1, 1, 0, F32, 1",
    "14, 2, 64, 64, false, 8, 1, 100, 0, F32, 1",
    "6, 2, 20, 12, false, 5, 3, 30, 0, F32, 3",
    "6, 2, 20, 12, false, 5, 3, 30, 0, F32, 2",
    "6, 3, 20, 12, false, 5, 3, 30, 0, F32, 0",
    "16, 1, 576, 512, true, 8, 1, 70, 128, Q8_0, 1",
    "20, 1, 576, 512, true, 4, 1, 0, 256, Q8_0, 1",
    "20, 1, 576, 512, true, 4, 5, 17, 256, Q8_0, 5",
    "20, 1, 576, 512, true, 4, 5, 17, 256, Q8_0, 2",
    "4, 2, 72, 64, false, 3, 4, 1, 50, F16, 4",
    "4, 2, 72, 64, false, 3, 4, 1, 50, F16, 0",
    "3, 1, 7, 5, true, 2, 2, 47, 6, F32, 2",
    "3, 1, 7, 5, true, 9, 2, 0, 1, F32, 1",
    "16, 1, 576, 512, true, 8, 1, 70, 0, F32, 1",
  })
  void isTheChainOfPlainKernelsBitForBit(
      int heads,
      int kvHeads,
      int dk,
      int dv,
      boolean mla,
      int splits,
      int tokens,
      int position,
      int rows,
      TensorType type,
      int active) {
    Shape s = new Shape(heads, kvHeads, dk, dv, mla, splits, tokens, position, rows);
    SplitAttentionCase c = newCase(s, type);
    MemorySegment expected = c.chain(active);
    for (int threads : new int[] {1, 2, 3, 7}) {
      MemorySegment y = c.y();
      c.fused(y).active(active).run(threads);
      assertThat(y.mismatch(expected)).as("%s threads", threads).isEqualTo(-1);
      c.assertTicketsZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4, 2, 64, 48, false, 4, 3, 20, 0",
    "4, 1, 36, 32, true, 3, 3, 40, 0",
    "4, 1, 36, 32, true, 3, 3, 40, 24",
    "4, 1, 36, 32, true, 8, 1, 1, 24",
  })
  void agreesWithFloat64(
      int heads,
      int kvHeads,
      int dk,
      int dv,
      boolean mla,
      int splits,
      int tokens,
      int position,
      int rows) {
    Shape s = new Shape(heads, kvHeads, dk, dv, mla, splits, tokens, position, rows);
    SplitAttentionCase c = newCase(s, TensorType.F16);
    MemorySegment y = c.y();
    c.fused(y).run(3);
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < heads; h++) {
        double[] expected = c.exact(t, h);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < s.width(); i++) {
          double got = at(y, s.yAt(t, h) + i);
          error += (got - expected[i]) * (got - expected[i]);
          norm += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(error / norm)).as("token %s head %s", t, h).isLessThan(2e-6);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 4, 40, 24, false, 7, 1, 60, 0", "6, 1, 40, 32, true, 7, 2, 60, 16"})
  void aThousandRunsInARowAreAllTheSame(
      int heads,
      int kvHeads,
      int dk,
      int dv,
      boolean mla,
      int splits,
      int tokens,
      int position,
      int rows) {
    Shape s = new Shape(heads, kvHeads, dk, dv, mla, splits, tokens, position, rows);
    SplitAttentionCase c = newCase(s, TensorType.F16);
    MemorySegment expected = c.chain(tokens);
    MemorySegment fresh = c.y();
    MemorySegment y = c.y();
    try (KernelTeam team = new KernelTeam(c.fused(y).bind(), 3)) {
      for (int run = 0; run < 1000; run++) {
        y.copyFrom(fresh);
        team.run();
        assertThat(y.mismatch(expected)).as("run %s", run).isEqualTo(-1);
        c.assertTicketsZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64})
  void allocatesNothing(int rows) {
    SplitAttentionCase c =
        newCase(new Shape(8, 1, 288, 256, true, 4, 1, 90, rows), TensorType.Q8_0);
    Allocations.assertNoneOnceCompiled(c.fused(c.y()).bind());
  }

  @Test
  void refusesWhatDoesNotFit() {
    SplitAttentionCase c = newCase(new Shape(4, 2, 40, 32, false, 3, 2, 5, 16), TensorType.Q8_0);
    assertThatThrownBy(() -> c.fused(c.y()).position(8).run())
        .hasMessageContaining("do not fit a KV cache of 9");
    c.assertTicketsZero();
    for (String slot : new String[] {"q", "k", "v", "value", "partial", "tickets", "y"}) {
      Launch small = c.fused(c.y()).slot(slot, data.bytes(2));
      assertThatThrownBy(small::bind)
          .isInstanceOf(PlanException.class)
          .hasMessageContaining("'" + slot + "' needs");
    }
    assertThatThrownBy(() -> c.fused(c.y()).constant("value_type", -1).bind())
        .hasMessageContaining("its type is -1");
    assertThatThrownBy(() -> c.fused(c.y()).slot("value", MemorySegment.NULL).bind())
        .hasMessageContaining("'value' is not bound");
    assertThatThrownBy(() -> c.fused(c.y()).constant("value_type", 5).bind())
        .hasMessageContaining("type 5 of slot 'value'");
    assertThatThrownBy(() -> c.fused(c.y()).slot("tickets", data.bytes(40).asSlice(2)).bind())
        .hasMessageContaining("'tickets' is not aligned");
    assertThatThrownBy(() -> c.fused(c.y()).arg("splits", 0).bind())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> c.fused(c.y()).arg("kv_heads", 3).bind())
        .hasMessageContaining("do not share");
  }
}
