package dev.diecast.replay;

import java.util.List;

/**
 * Finds stop texts in a stream of pieces. Text that may be the start of a stop text is held back
 * until it is known.
 */
final class StopTexts {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopTexts(List<String> stops) {
    this.stops = stops;
  }

  /** Whether a stop text came up; nothing passes from then on. */
  boolean found() {
    return found;
  }

  /** Takes a piece; returns what is certainly in front of any stop text. */
  String accept(String piece) {
    if (found || stops.isEmpty()) {
      return found ? "" : piece;
    }
    held.append(piece);
    int end = first();
    if (end >= 0) {
      found = true;
      return take(end);
    }
    return take(held.length() - undecided());
  }

  /** Ends the stream: returns what was held back. */
  String flush() {
    return found ? "" : take(held.length());
  }

  private int first() {
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    return first;
  }

  /** The length of the longest end of the held text that begins a stop text. */
  private int undecided() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }
}
