package dev.diecast.capture.arch;

/**
 * How RoPE frequencies stretch beyond the context that a model was trained on.
 *
 * <p>Facts from the YaRN paper (arXiv 2309.00071) and llama.cpp, which fixes beta at 32 and 1 for
 * these families whatever the file says.
 */
sealed interface RopeScaling {
  double BETA_FAST = 32;
  double BETA_SLOW = 1;

  /** What the inverse frequency of pair i of a rotation is multiplied by. */
  double at(int pair, int dims, double base);

  /** What cos and sin are multiplied by unless the family says otherwise. */
  double magnitude();

  /** No scaling. */
  record None() implements RopeScaling {
    @Override
    public double at(int pair, int dims, double base) {
      return 1;
    }

    @Override
    public double magnitude() {
      return 1;
    }
  }

  /** All positions divided by a factor. */
  record Linear(double factor) implements RopeScaling {
    @Override
    public double at(int pair, int dims, double base) {
      return 1 / factor;
    }

    @Override
    public double magnitude() {
      return 1;
    }
  }

  /** Low frequencies divided by the factor, high ones kept, a ramp between. */
  record Yarn(double factor, double originalContext) implements RopeScaling {
    @Override
    public double at(int pair, int dims, double base) {
      double low = Math.max(0, Math.floor(turning(BETA_FAST, dims, base)));
      double high = Math.min(dims - 1, Math.ceil(turning(BETA_SLOW, dims, base)));
      double ramp = Math.clamp((pair - low) / Math.max(0.001, high - low), 0.0, 1.0);
      return ramp / factor + (1 - ramp);
    }

    /** The pair that turns that many times within the original context. */
    private double turning(double turns, int dims, double base) {
      return dims * Math.log(originalContext / (turns * 2 * Math.PI)) / (2 * Math.log(base));
    }

    @Override
    public double magnitude() {
      return factor <= 1 ? 1 : 1 + 0.1 * Math.log(factor);
    }
  }

  static RopeScaling read(HyperParameters keys, double base) {
    double factor = readFactor(keys);
    String type = keys.text("rope.scaling.type", "linear");
    return switch (type) {
      case "none" -> new None();
      case "linear" -> factor == 1 ? new None() : new Linear(factor);
      case "yarn" -> {
        keys.require(base > 1, "rope.freq_base", base + ", expected more than 1 for YaRN");
        yield new Yarn(factor, originalContext(keys));
      }
      default -> {
        keys.require(false, "rope.scaling.type", "'" + type + "', expected none, linear or yarn");
        yield new None();
      }
    };
  }

  /** Older files call the factor {@code rope.scale_linear}; 0 means none. */
  private static double readFactor(HyperParameters keys) {
    String key = keys.has("rope.scaling.factor") ? "rope.scaling.factor" : "rope.scale_linear";
    double factor = keys.number(key, 1);
    keys.require(factor >= 0, key, factor + ", expected 0 or more");
    return factor == 0 ? 1 : factor;
  }

  private static double originalContext(HyperParameters keys) {
    String key = "rope.scaling.original_context_length";
    return keys.positive(keys.has(key) ? key : "context_length");
  }
}
