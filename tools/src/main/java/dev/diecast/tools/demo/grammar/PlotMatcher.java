package dev.diecast.tools.demo.grammar;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares a text with a plot, trying every choice and, where a variable is new, every row. */
final class PlotMatcher {
  private final List<Slot> plot;
  private final String text;
  private final Map<String, List<String>> bound = new HashMap<>();

  PlotMatcher(List<Slot> plot, String text) {
    this.plot = plot;
    this.text = text;
  }

  boolean matches() {
    return matchSlots(0, 0);
  }

  private boolean matchSlots(int slot, int at) {
    if (slot == plot.size()) {
      return at == text.length();
    }
    if (plot.get(slot).optional() && matchSlots(slot + 1, at)) {
      return true;
    }
    // Sentences are parted by a space; the first one has none before it.
    if (slot > 0 && !text.startsWith(" ", at)) {
      return false;
    }
    int start = slot == 0 ? at : at + 1;
    return plot.get(slot).choices().stream().anyMatch(parts -> matchParts(parts, slot, start));
  }

  private boolean matchParts(List<Part> parts, int slot, int at) {
    if (parts.isEmpty()) {
      return matchSlots(slot + 1, at);
    }
    List<Part> rest = parts.subList(1, parts.size());
    return switch (parts.getFirst()) {
      case Part.Fixed fixed -> matchWord(fixed.text(), rest, slot, at);
      case Part.Reference reference -> matchReference(reference, rest, slot, at);
    };
  }

  private boolean matchWord(String word, List<Part> rest, int slot, int at) {
    return text.startsWith(word, at) && matchParts(rest, slot, at + word.length());
  }

  private boolean matchReference(Part.Reference reference, List<Part> rest, int slot, int at) {
    List<String> known = bound.get(reference.variable());
    if (known != null) {
      return matchWord(known.get(reference.field()), rest, slot, at);
    }
    for (List<String> row : reference.domain().rows()) {
      if (reference.domain().distinct() && bound.containsValue(row)) {
        continue;
      }
      bound.put(reference.variable(), row);
      if (matchWord(row.get(reference.field()), rest, slot, at)) {
        return true;
      }
      bound.remove(reference.variable());
    }
    return false;
  }
}
