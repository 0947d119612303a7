package dev.diecast.plans.verify;

import dev.diecast.plans.Finding;
import java.util.ArrayList;
import java.util.List;

/** Collects what does not hold, up to a number that a person would read. */
public final class Findings {
  private static final int LIMIT = 1000;

  private final List<Finding> found = new ArrayList<>();

  /** Adds a finding; the location becomes text only now, so that sound plans pay nothing. */
  void add(Object location, String message) {
    if (found.size() < LIMIT) {
      found.add(new Finding(location.toString(), message));
    }
  }

  /** All findings, in the order of the plan. */
  public List<Finding> all() {
    return List.copyOf(found);
  }
}
