package dev.diecast.capture.arch;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;

/**
 * Checked access to the metadata under an architecture's prefix. The limits are far above any model
 * and low enough that a product of two counts fits an int.
 */
final class HyperParameters {
  static final int MAX_LAYERS = 1 << 12;
  static final int MAX_WIDTH = 1 << 20;
  static final int MAX_HEADS = 1 << 13;
  static final int MAX_HEAD_LENGTH = 1 << 16;
  static final int MAX_EXPERTS = 1 << 16;
  static final int MAX_SHARED_EXPERTS = 1 << 10;

  private final ModelSource source;
  private final Metadata metadata;
  private final String prefix;

  HyperParameters(ModelSource source, String architecture) {
    this.source = source;
    this.metadata = source.metadata();
    this.prefix = architecture + ".";
  }

  boolean has(String key) {
    return metadata.find(prefix + key).isPresent();
  }

  /** A count that the file must state: 1 to limit. */
  int count(String key, int limit) {
    return bounded(key, integer(key), 1, limit);
  }

  /** A count with a default: 0 to limit. */
  int count(String key, int limit, int otherwise) {
    return has(key) ? bounded(key, integer(key), 0, limit) : otherwise;
  }

  /** A finite number above 0 that the file must state. */
  double positive(String key) {
    return requirePositive(key, metadata.number(prefix + key));
  }

  /** A finite number above 0, or the default when the file has none. */
  double positive(String key, double otherwise) {
    return requirePositive(key, metadata.number(prefix + key, otherwise));
  }

  /** A finite number, or the default when the file has none. */
  double number(String key, double otherwise) {
    double value = metadata.number(prefix + key, otherwise);
    require(Double.isFinite(value), key, value + ", expected a finite number");
    return value;
  }

  boolean flag(String key, boolean otherwise) {
    return metadata.flag(prefix + key, otherwise);
  }

  String text(String key, String otherwise) {
    return metadata.text(prefix + key, otherwise);
  }

  /** Fails, naming the key and what is wrong with it, unless the condition holds. */
  void require(boolean holds, String key, String finding) {
    if (!holds) {
      throw new PlanException(
          source.location() + ": metadata '" + prefix + key + "' is " + finding);
    }
  }

  private double requirePositive(String key, double value) {
    require(Double.isFinite(value) && value > 0, key, value + ", expected a finite number above 0");
    return value;
  }

  private int bounded(String key, long value, int least, int limit) {
    require(value >= least && value <= limit, key, value + ", expected " + least + " to " + limit);
    return (int) value;
  }

  /** Some files state one value per layer; it counts when all layers agree. */
  private long integer(String key) {
    if (metadata.find(prefix + key).orElse(null) instanceof MetaValue.Ints list
        && list.values().length > 0) {
      for (long value : list.values()) {
        require(value == list.values()[0], key, "different from layer to layer");
      }
      return list.values()[0];
    }
    return metadata.integer(prefix + key);
  }
}
