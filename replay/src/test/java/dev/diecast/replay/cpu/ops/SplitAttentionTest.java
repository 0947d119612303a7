package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.ops.Native.at;
import static dev.diecast.replay.cpu.ops.Native.halfAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.KernelTeam;
import dev.diecast.replay.cpu.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.stream.LongStream;
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
  private final Random random = new Random(31);

  @AfterEach
  void free() {
    arena.close();
  }

  /**
   * Sizes of a test.
   *
   * @param mla whether v is the start of k's rows
   * @param rows value rows, 0 for no value matrix
   */
  record Shape(
      int heads,
      int kvHeads,
      int dk,
      int dv,
      boolean mla,
      int splits,
      int tokens,
      int position,
      int rows) {
    int capacity() {
      return position + tokens + 2;
    }

    int width() {
      return rows == 0 ? dv : rows;
    }

    int vWidth() {
      return mla ? dk : dv;
    }

    int yHead() {
      return width() + 1;
    }

    int yToken() {
      return heads * yHead() + 3;
    }

    int yAt(int t, int h) {
      return t * yToken() + h * yHead();
    }

    int qAt(int t, int h) {
      return (t * heads + h) * dk;
    }

    int kAt(int position, int kvHead) {
      return (position * kvHeads + kvHead) * dk;
    }

    int vAt(int position, int kvHead) {
      return (position * kvHeads + kvHead) * vWidth();
    }

    float scale() {
      return (float) (1 / Math.sqrt(dk));
    }
  }

  private final class Case {
    final Shape s;
    final TensorType type;
    final MemorySegment q;
    final MemorySegment k;
    final MemorySegment v;
    final HeadMatrices value;
    final MemorySegment tickets;

    Case(Shape s, TensorType type) {
      this.s = s;
      this.type = type;
      q = data.normal(s.tokens() * s.heads() * s.dk(), 1, random);
      k = data.normalHalves(s.capacity() * s.kvHeads() * s.dk(), 1, random);
      v = s.mla() ? k : data.normalHalves(s.capacity() * s.kvHeads() * s.dv(), 1, random);
      value = HeadMatrices.random(type, s.heads(), Math.max(1, s.rows()), s.dv(), data, random);
      tickets = data.bytes(8L * s.tokens() * s.kvHeads());
    }

    MemorySegment y() {
      MemorySegment y = data.floats(s.tokens() * s.yToken());
      y.fill((byte) 0x11);
      return y;
    }

    Launch fused(MemorySegment y) {
      Launch launch =
          reads("split_attention", partial())
              .slot("tickets", tickets)
              .slot("y", y)
              .constant("value_type", s.rows() == 0 ? -1 : type.id())
              .arg("y_stride", s.yToken())
              .arg("y_head_stride", s.yHead());
      return s.rows() == 0
          ? launch
          : launch
              .slot("value", value.bytes())
              .arg("value_rows", s.rows())
              .arg("row_bytes", value.rowBytes())
              .arg("head_bytes", value.headBytes());
    }

    MemorySegment chain(int active) {
      MemorySegment partial = partial();
      reads("attention", partial).active(active).run();
      MemorySegment joined = s.rows() == 0 ? y() : data.floats(s.tokens() * s.heads() * s.dv());
      int token = s.rows() == 0 ? s.yToken() : s.heads() * s.dv();
      int head = s.rows() == 0 ? s.yHead() : s.dv();
      new Launch("attention_combine", arena)
          .slot("partial", partial)
          .slot("y", joined)
          .tokens(s.tokens())
          .arg("heads", s.heads())
          .arg("dv", s.dv())
          .arg("splits", s.splits())
          .arg("y_stride", token)
          .arg("y_head_stride", head)
          .active(active)
          .run();
      return s.rows() == 0 ? joined : product(joined, active);
    }

    private MemorySegment product(MemorySegment joined, int active) {
      MemorySegment y = y();
      new Launch("head_gemv_" + type.suffix(), arena)
          .slot("w", value.bytes())
          .slot("x", joined)
          .slot("y", y)
          .tokens(s.tokens())
          .arg("heads", s.heads())
          .arg("rows", s.rows())
          .arg("cols", s.dv())
          .arg("x_stride", s.heads() * s.dv())
          .arg("x_head_stride", s.dv())
          .arg("y_stride", s.yToken())
          .arg("y_head_stride", s.yHead())
          .arg("row_bytes", value.rowBytes())
          .arg("head_bytes", value.headBytes())
          .active(active)
          .run();
      return y;
    }

    private MemorySegment partial() {
      MemorySegment partial = data.bytes(Partial.bytes(s.tokens(), s.heads(), s.splits(), s.dv()));
      partial.fill((byte) 0x7f); // NaN-like rubbish must not leak
      return partial;
    }

    private Launch reads(String kernel, MemorySegment partial) {
      return new Launch(kernel, arena)
          .slot("q", q)
          .slot("k", k)
          .slot("v", v)
          .slot("partial", partial)
          .tokens(s.tokens())
          .position(s.position())
          .arg("heads", s.heads())
          .arg("kv_heads", s.kvHeads())
          .arg("dk", s.dk())
          .arg("dv", s.dv())
          .arg("q_stride", s.heads() * s.dk())
          .arg("q_head_stride", s.dk())
          .arg("k_row_stride", s.kvHeads() * s.dk())
          .arg("k_head_stride", s.dk())
          .arg("v_row_stride", s.kvHeads() * s.vWidth())
          .arg("v_head_stride", s.vWidth())
          .arg("splits", s.splits())
          .arg("capacity", s.capacity())
          .arg("scale", s.scale());
    }
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
    Case c = new Case(s, type);
    MemorySegment expected = c.chain(active);
    for (int threads : new int[] {1, 2, 3, 7}) {
      MemorySegment y = c.y();
      c.fused(y).active(active).run(threads);
      assertThat(y.mismatch(expected)).as("%s threads", threads).isEqualTo(-1);
      assertAllZero(c.tickets);
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
    Case c = new Case(s, TensorType.F16);
    MemorySegment y = c.y();
    c.fused(y).run(3);
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < heads; h++) {
        double[] expected = exact(c, t, h);
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
    Case c = new Case(s, TensorType.F16);
    MemorySegment expected = c.chain(tokens);
    MemorySegment fresh = c.y();
    MemorySegment y = c.y();
    try (KernelTeam team = new KernelTeam(c.fused(y).bind(), 3)) {
      for (int run = 0; run < 1000; run++) {
        y.copyFrom(fresh);
        team.run();
        assertThat(y.mismatch(expected)).as("run %s", run).isEqualTo(-1);
        assertAllZero(c.tickets);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void whateverFailsNobodyWaitsAndTheNextRunIsRight(int threads) {
    for (int rows : new int[] {0, 16}) {
      Shape s = new Shape(6, 2, 40, 32, false, 3, 2, 60, rows);
      Case c = new Case(s, TensorType.Q8_0);
      MemorySegment expected = c.chain(2);
      MemorySegment y = c.y();
      SplitAttention whole = (SplitAttention) c.fused(y).bind();
      FailingOnce attention = new FailingOnce(whole.attention());
      SplitAttention kernel =
          new SplitAttention(
              whole.heads(),
              whole.kvHeads(),
              whole.splits(),
              attention,
              new FailingJoin(whole.join(), attention),
              whole.tickets());
      long items = kernel.items();
      try (KernelTeam team = new KernelTeam(kernel, threads)) {
        for (long item = 0; item < items; item++) {
          attention.failAt(item);
          assertThatThrownBy(team::run).hasMessage("kernel: item " + item);
          assertAllZero(c.tickets);
          attention.failAt(-1);
          team.run();
          assertThat(y.mismatch(expected)).as("after item %s", item).isEqualTo(-1);
          assertAllZero(c.tickets);
        }
      }
    }
  }

  /** Items of a split attention, one of which fails: splits here, heads in {@link FailingJoin}. */
  private static final class FailingOnce implements BoundKernel {
    private final BoundKernel splits;
    private volatile long bad = -1;

    FailingOnce(BoundKernel splits) {
      this.splits = splits;
    }

    void failAt(long item) {
      bad = item;
    }

    void check(long item) {
      if (item == bad) {
        throw new IllegalStateException("item " + item);
      }
    }

    @Override
    public long items() {
      return splits.items();
    }

    @Override
    public long grain() {
      return 1;
    }

    @Override
    public long scratchBytes() {
      return splits.scratchBytes();
    }

    @Override
    public void run(long from, long to, Worker worker) {
      check(from);
      splits.run(from, to, worker);
    }
  }

  private record FailingJoin(Join inner, FailingOnce plan) implements Join {
    @Override
    public long items() {
      return inner.items();
    }

    @Override
    public long scratchBytes() {
      return inner.scratchBytes();
    }

    @Override
    public long head(long item) {
      return inner.head(item);
    }

    @Override
    public long firstToken(long item) {
      return inner.firstToken(item);
    }

    @Override
    public long lastToken(long item) {
      return inner.lastToken(item);
    }

    @Override
    public void run(long item, Worker worker) {
      plan.check(plan.items() + item);
      inner.run(item, worker);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64})
  void allocatesNothing(int rows) {
    Case c = new Case(new Shape(8, 1, 288, 256, true, 4, 1, 90, rows), TensorType.Q8_0);
    Allocations.assertNoneOnceCompiled(c.fused(c.y()).bind());
  }

  @Test
  void refusesWhatDoesNotFit() {
    Case c = new Case(new Shape(4, 2, 40, 32, false, 3, 2, 5, 16), TensorType.Q8_0);
    assertThatThrownBy(() -> c.fused(c.y()).position(8).run())
        .hasMessageContaining("do not fit a KV cache of 9");
    assertAllZero(c.tickets);
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

  private static void assertAllZero(MemorySegment tickets) {
    assertThat(LongStream.range(0, tickets.byteSize() / 4).map(i -> Native.intAt(tickets, i)))
        .containsOnly(0L);
  }

  private static double[] exact(Case c, int t, int h) {
    Shape s = c.s;
    int kvHead = h / (s.heads() / s.kvHeads());
    int visible = s.position() + t + 1;
    double[] weights = new double[visible];
    double sum = 0;
    for (int p = 0; p < visible; p++) {
      double score = 0;
      for (int d = 0; d < s.dk(); d++) {
        score += (double) at(c.q, s.qAt(t, h) + d) * halfAt(c.k, s.kAt(p, kvHead) + d);
      }
      weights[p] = Math.exp(score * s.scale());
      sum += weights[p];
    }
    double[] joined = new double[s.dv()];
    for (int p = 0; p < visible; p++) {
      for (int d = 0; d < s.dv(); d++) {
        joined[d] += weights[p] / sum * halfAt(c.v, s.vAt(p, kvHead) + d);
      }
    }
    if (s.rows() == 0) {
      return joined;
    }
    double[] y = new double[s.rows()];
    for (int r = 0; r < s.rows(); r++) {
      for (int d = 0; d < s.dv(); d++) {
        y[r] += c.value.at(h, r, d) * joined[d];
      }
    }
    return y;
  }
}
