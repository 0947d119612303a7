package dev.diecast.tools.inspect.flow;

import dev.diecast.plans.Program;
import dev.diecast.plans.Program.ArenaValue;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the value that arena bytes hold once a dispatch has written them. */
final class ArenaValues {
  private final NavigableMap<Long, List<ArenaValue>> byOffset = new TreeMap<>();

  ArenaValues(Program program) {
    for (ArenaValue value : program.arenaValues()) {
      byOffset.computeIfAbsent(value.offset(), _ -> new ArrayList<>()).add(value);
    }
  }

  /**
   * The label of the value at {@code offset}. Of an operation in place that is the new value, which
   * begins where the old one ends.
   */
  Optional<String> at(int dispatch, long offset) {
    for (List<ArenaValue> values : byOffset.headMap(offset, true).descendingMap().values()) {
      Optional<ArenaValue> newest =
          values.stream()
              .filter(v -> v.firstDispatch() <= dispatch && dispatch <= v.lastDispatch())
              .filter(v -> offset - v.offset() < v.bytes())
              .max((a, b) -> Integer.compare(a.firstDispatch(), b.firstDispatch()));
      if (newest.isPresent()) {
        return newest.map(ArenaValue::label);
      }
    }
    return Optional.empty();
  }
}
