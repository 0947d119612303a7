package dev.diecast.tools.inspect.timeline;

import java.util.List;

/**
 * When each dispatch of a program runs, predicted or measured.
 *
 * @param basis {@code predicted} or {@code measured}
 * @param device what the times are of: a cost profile's name, or a machine
 * @param spans one for each dispatch, in order
 */
public record Schedule(String basis, String device, List<Span> spans) {
  /** A schedule with its own copy of the spans. */
  public Schedule {
    spans = List.copyOf(spans);
  }

  /**
   * One dispatch.
   *
   * @param start microseconds from the start of the program
   * @param duration microseconds
   * @param bytes what it moves in that time
   */
  public record Span(double start, double duration, long bytes) {
    /** Where it ends. */
    public double end() {
      return start + duration;
    }
  }
}
