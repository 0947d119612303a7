package dev.diecast.plans.shapes;

import dev.diecast.plans.shapes.Experts.Gating;
import dev.diecast.plans.shapes.GroupedQueryShape.Extras;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** The hyper-parameters of the known models, from their published configurations. */
final class ShapeTable {
  /**
   * The llama and qwen families. Experts are count, used and width; kv is key and value heads, head
   * is values per head.
   */
  private static final String GROUPED_QUERY =
      """
      name           arch     layers width heads kv head hidden experts   vocab  tied  eps  theta context pre       extras
      tinyllama-1.1b llama    22     2048  32    4  64   5632   0 0 0     32000  false 1e-5 1e4   2048    LLAMA_BPE NONE
      llama-3.2-1b   llama    16     2048  32    8  64   8192   0 0 0     128256 true  1e-5 5e5   131072  LLAMA_BPE ROPE_FACTORS
      qwen2.5-0.5b   qwen2    24     896   14    2  64   4864   0 0 0     151936 true  1e-6 1e6   32768   QWEN2     QKV_BIAS
      qwen3-0.6b     qwen3    28     1024  16    8  128  3072   0 0 0     151936 true  1e-6 1e6   40960   QWEN2     QK_NORM
      qwen3-30b-a3b  qwen3moe 48     2048  32    4  128  6144   128 8 768 151936 false 1e-6 1e6   40960   QWEN2     QK_NORM
      """;

  /**
   * The deepseek2 family. Ranks are those of queries (0 for none) and of keys and values; a head
   * has values without position, with position, and of the value; dense counts the first layers
   * without experts; experts are count, used, width and shared.
   */
  private static final String LATENT =
      """
      name             layers width heads ranks    head        hidden dense experts     gating            scale vocab  tied  eps  theta context yarn pre
      youtu-llm-2b     32     2048  16    1536 512 128 64 128  6144   32    0 0 0 0     SOFTMAX           1     128256 true  1e-6 1.6e6 131072  0    YOUTU
      deepseek-v2-lite 27     2048  16    0 512    128 64 128  10944  1     64 6 1408 2 SOFTMAX           1     102400 false 1e-6 1e4   163840  40   DEEPSEEK_LLM
      glm-4.7-flash    47     2048  20    768 512  192 64 256  10240  1     64 4 1536 1 SIGMOID_WITH_BIAS 1.8   154880 false 1e-5 1e6   202752  0    GLM4
      """;

  private ShapeTable() {}

  static List<KnownShape> shapes() {
    return Stream.concat(
            GROUPED_QUERY.lines().skip(1).map(line -> groupedQuery(new Row(line))),
            LATENT.lines().skip(1).map(line -> latent(new Row(line))))
        .toList();
  }

  private static KnownShape groupedQuery(Row row) {
    return new GroupedQueryShape(
        row.text(),
        row.text(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        new Experts(row.integer(), row.integer(), row.integer(), 0, Gating.SOFTMAX, 1),
        row.integer(),
        row.flag(),
        row.number(),
        row.number(),
        row.integer(),
        Pre.valueOf(row.text()),
        Extras.valueOf(row.text()));
  }

  private static KnownShape latent(Row row) {
    return new LatentShape(
        row.text(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        new Experts(
            row.integer(),
            row.integer(),
            row.integer(),
            row.integer(),
            Gating.valueOf(row.text()),
            row.number()),
        row.integer(),
        row.flag(),
        row.number(),
        row.number(),
        row.integer(),
        row.number(),
        Pre.valueOf(row.text()));
  }

  /** The cells of a line, from left to right. */
  private static final class Row {
    private final Iterator<String> cells;

    Row(String line) {
      cells = List.of(line.split(" +")).iterator();
    }

    String text() {
      return cells.next();
    }

    int integer() {
      return Integer.parseInt(text());
    }

    double number() {
      return Double.parseDouble(text());
    }

    boolean flag() {
      return Boolean.parseBoolean(text());
    }
  }
}
