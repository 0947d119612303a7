package dev.diecast.plans.shapes;

import static dev.diecast.plans.shapes.Experts.Gating.SIGMOID_WITH_BIAS;
import static dev.diecast.plans.shapes.Experts.Gating.SOFTMAX;
import static dev.diecast.plans.shapes.Experts.NONE;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.GroupedQueryShape.Extras;
import java.util.List;
import java.util.Optional;

/** Public models whose plans compile, and whose files can be synthesised, without their weights. */
public final class KnownShapes {
  // Figures from the models' published configurations.
  private static final List<KnownShape> SHAPES =
      List.of(
          // name, architecture, layers, width, heads, kv heads, head size, hidden, experts, vocab,
          // tied, epsilon, theta, context, pre-tokenizer, extras
          new GroupedQueryShape(
              "tinyllama-1.1b",
              "llama",
              22,
              2048,
              32,
              4,
              64,
              5632,
              NONE,
              32_000,
              false,
              1e-5,
              1e4,
              2048,
              Pre.LLAMA_BPE,
              Extras.NONE),
          new GroupedQueryShape(
              "llama-3.2-1b",
              "llama",
              16,
              2048,
              32,
              8,
              64,
              8192,
              NONE,
              128_256,
              true,
              1e-5,
              5e5,
              131_072,
              Pre.LLAMA_BPE,
              Extras.ROPE_FACTORS),
          new GroupedQueryShape(
              "qwen2.5-0.5b",
              "qwen2",
              24,
              896,
              14,
              2,
              64,
              4864,
              NONE,
              151_936,
              true,
              1e-6,
              1e6,
              32_768,
              Pre.QWEN2,
              Extras.QKV_BIAS),
          new GroupedQueryShape(
              "qwen3-0.6b",
              "qwen3",
              28,
              1024,
              16,
              8,
              128,
              3072,
              NONE,
              151_936,
              true,
              1e-6,
              1e6,
              40_960,
              Pre.QWEN2,
              Extras.QK_NORM),
          new GroupedQueryShape(
              "qwen3-30b-a3b",
              "qwen3moe",
              48,
              2048,
              32,
              4,
              128,
              6144,
              new Experts(128, 8, 768, 0, SOFTMAX, 1),
              151_936,
              false,
              1e-6,
              1e6,
              40_960,
              Pre.QWEN2,
              Extras.QK_NORM),
          // name, layers, width, heads, q rank, kv rank, nope, rope, value, hidden, dense layers,
          // experts, vocab, tied, epsilon, theta, context, YaRN factor, pre-tokenizer
          new LatentShape(
              "youtu-llm-2b",
              32,
              2048,
              16,
              1536,
              512,
              128,
              64,
              128,
              6144,
              32,
              NONE,
              128_256,
              true,
              1e-6,
              1.6e6,
              131_072,
              0,
              Pre.YOUTU),
          new LatentShape(
              "deepseek-v2-lite",
              27,
              2048,
              16,
              0,
              512,
              128,
              64,
              128,
              10_944,
              1,
              new Experts(64, 6, 1408, 2, SOFTMAX, 1),
              102_400,
              false,
              1e-6,
              1e4,
              163_840,
              40,
              Pre.DEEPSEEK_LLM),
          new LatentShape(
              "glm-4.7-flash",
              47,
              2048,
              20,
              768,
              512,
              192,
              64,
              256,
              10_240,
              1,
              new Experts(64, 4, 1536, 1, SIGMOID_WITH_BIAS, 1.8),
              154_880,
              false,
              1e-5,
              1e6,
              202_752,
              0,
              Pre.GLM4));

  private KnownShapes() {}

  /** The names of the models, as {@link #find} takes them before the colon. */
  public static List<String> names() {
    return SHAPES.stream().map(KnownShape::name).toList();
  }

  /** The kinds of files, as {@link #find} takes them after the colon. */
  public static List<String> types() {
    return TypeMix.labels();
  }

  /** Whether the text before a colon, if there is one, names a known model. */
  public static boolean isKnown(String spec) {
    return shape(spec.split(":", 2)[0]).isPresent();
  }

  /**
   * The model that {@code NAME:TYPE} names, for example {@code glm-4.7-flash:q4_0}: all metadata
   * and the tensor table of a real file of that type, with a vocabulary made up to the real size.
   * Throws a {@link PlanException} that lists the choices when there is no such model or type.
   */
  public static ModelSource find(String spec) {
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    KnownShape shape =
        shape(name)
            .orElseThrow(() ->
                new PlanException(
                    "'" + name + "' is no known shape; known are " + String.join(", ", names())));
    if (colon < 0) {
      throw new PlanException("shape '" + spec + "' needs a type, for example " + spec + ":q4_0");
    }
    String type = spec.substring(colon + 1);
    TypeMix mix =
        TypeMix.ofLabel(type)
            .orElseThrow(() ->
                new PlanException(
                    "shape '"
                        + spec
                        + "': '"
                        + type
                        + "' is no type of file; there are "
                        + String.join(", ", types())));
    return KnownModel.of(spec, shape, mix);
  }

  private static Optional<KnownShape> shape(String name) {
    return SHAPES.stream().filter(shape -> shape.name().equals(name)).findFirst();
  }
}
