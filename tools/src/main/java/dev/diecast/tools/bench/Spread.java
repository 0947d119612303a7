package dev.diecast.tools.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The middle and the ends of repeated measurements. */
public record Spread(double median, double min, double max) {
  /** Of at least one measurement. */
  public static Spread of(double[] measured) {
    double[] sorted = measured.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    return new Spread(median, sorted[0], sorted[n - 1]);
  }

  Map<String, Double> toMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    map.put("median", median);
    map.put("min", min);
    map.put("max", max);
    return map;
  }
}
