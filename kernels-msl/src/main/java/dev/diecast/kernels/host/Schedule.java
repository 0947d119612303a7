package dev.diecast.kernels.host;

import java.util.List;

/**
 * The order in which threadgroups, and the threads within each, take their turns.
 *
 * @param order of the turns
 * @param seed of a random order
 */
public record Schedule(Order order, int seed) {
  /** Kinds of order. */
  public enum Order {
    /** By ascending index. */
    FORWARD,
    /** By descending index. */
    REVERSE,
    /** Shuffled, and again after every round of turns. */
    RANDOM
  }

  /** By ascending index. */
  public static final Schedule FORWARD = new Schedule(Order.FORWARD, 1);

  /** By descending index. */
  public static final Schedule REVERSE = new Schedule(Order.REVERSE, 1);

  /** Shuffled, the same way for the same seed. */
  public static Schedule random(int seed) {
    return new Schedule(Order.RANDOM, seed);
  }

  /** One of each kind: what a check runs. */
  public static List<Schedule> all() {
    return List.of(FORWARD, REVERSE, random(1));
  }

  @Override
  public String toString() {
    return switch (order) {
      case FORWARD -> "forward";
      case REVERSE -> "reverse";
      case RANDOM -> "random(" + seed + ")";
    };
  }
}
