package dev.diecast.replay;

import java.util.List;

/**
 * How a session opened.
 *
 * @param notes what its device chose and found, a sentence each
 * @param openNanos binding the plan: memory, pipelines, commands; without the warm-up
 * @param warmUp the first steps
 */
public record StartUp(List<String> notes, long openNanos, WarmUp warmUp) {
  static final StartUp UNKNOWN = new StartUp(List.of(), 0, new WarmUp(0, 0, 0));

  /** With its own copy of the notes. */
  public StartUp {
    notes = List.copyOf(notes);
  }
}
