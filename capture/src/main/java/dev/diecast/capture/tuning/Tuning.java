package dev.diecast.capture.tuning;

import dev.diecast.plans.Plan.TuningChoice;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/** One compilation's view of the database: answers for its device, and remembers what it said. */
public final class Tuning {
  private final TuningDatabase database;
  private final String device;
  private final TreeMap<String, String> taken = new TreeMap<>();

  /** Answers for one device. */
  public Tuning(TuningDatabase database, String device) {
    this.database = database;
    this.device = device;
  }

  /**
   * A measured value, or {@code otherwise} when nobody measured.
   *
   * @param least the smallest value that makes sense; what lies outside is not taken
   * @param most the largest
   */
  public int choose(String kernel, String shape, String name, int otherwise, int least, int most) {
    TuningKey key = new TuningKey(device, kernel, shape);
    OptionalLong found = database.find(key, name);
    if (found.isEmpty() || found.getAsLong() < least || found.getAsLong() > most) {
      return otherwise;
    }
    taken.put(key + ": " + name, Long.toString(found.getAsLong()));
    return Math.toIntExact(found.getAsLong());
  }

  /** The measured values that were taken, by key: the plan records them. */
  public List<TuningChoice> taken() {
    return taken.entrySet().stream()
        .map(entry -> new TuningChoice(entry.getKey(), entry.getValue()))
        .toList();
  }
}
