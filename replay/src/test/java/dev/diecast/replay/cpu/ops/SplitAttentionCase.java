package dev.diecast.replay.cpu.ops;

import static dev.diecast.replay.cpu.ops.Native.at;
import static dev.diecast.replay.cpu.ops.Native.halfAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.gguf.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.stream.LongStream;

/** Random operands of {@code split_attention}, and the plain kernels that do the same. */
final class SplitAttentionCase {
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

  private final Arena arena;
  private final Native data;
  final Shape s;
  final TensorType type;
  final MemorySegment q;
  final MemorySegment k;
  final MemorySegment v;
  final HeadMatrices value;
  final MemorySegment tickets;

  SplitAttentionCase(Shape s, TensorType type, Arena arena) {
    this.arena = arena;
    data = new Native(arena);
    Random random = new Random(31);
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

  /** Whether everybody has finished, as far as the tickets know. */
  void assertTicketsZero() {
    assertThat(LongStream.range(0, tickets.byteSize() / 4).map(i -> Native.intAt(tickets, i)))
        .containsOnly(0L);
  }

  /** What a head of a token should be, in float64. */
  double[] exact(int t, int h) {
    int kvHead = h / (s.heads() / s.kvHeads());
    int visible = s.position() + t + 1;
    double[] weights = new double[visible];
    double sum = 0;
    for (int p = 0; p < visible; p++) {
      double score = 0;
      for (int d = 0; d < s.dk(); d++) {
        score += (double) at(q, s.qAt(t, h) + d) * halfAt(k, s.kAt(p, kvHead) + d);
      }
      weights[p] = Math.exp(score * s.scale());
      sum += weights[p];
    }
    double[] joined = new double[s.dv()];
    for (int p = 0; p < visible; p++) {
      for (int d = 0; d < s.dv(); d++) {
        joined[d] += weights[p] / sum * halfAt(v, s.vAt(p, kvHead) + d);
      }
    }
    if (s.rows() == 0) {
      return joined;
    }
    double[] y = new double[s.rows()];
    for (int r = 0; r < s.rows(); r++) {
      for (int d = 0; d < s.dv(); d++) {
        y[r] += value.at(h, r, d) * joined[d];
      }
    }
    return y;
  }
}
