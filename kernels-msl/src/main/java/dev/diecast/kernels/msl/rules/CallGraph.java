package dev.diecast.kernels.msl.rules;

import dev.diecast.kernels.msl.SourceLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which function calls which; functions go by their addresses in a dump of clang. */
final class CallGraph {
  private record Place(String name, SourceLine where, int column) {}

  private final Map<String, Place> functions = new HashMap<>();
  private final Map<String, String> firstDeclarations = new HashMap<>();
  private final Map<String, Set<String>> calls = new LinkedHashMap<>();

  /** Notes that a declaration repeats another; says which one was the first. */
  String canonical(String address, String previous) {
    String first = firstDeclarations.getOrDefault(previous, previous);
    firstDeclarations.put(address, first);
    return first;
  }

  void function(String address, String name, SourceLine where, int column) {
    functions.put(address, new Place(name, where, column));
  }

  void call(String from, String to) {
    calls.computeIfAbsent(from, _ -> new LinkedHashSet<>()).add(to);
  }

  /** A finding for each function that can come to call itself. */
  List<Finding> recursions() {
    var found = new ArrayList<Finding>();
    for (String function : calls.keySet()) {
      Place place = functions.get(function);
      if (place != null && reachesItself(function)) {
        String message = "'" + place.name() + "' calls itself; MSL has no recursion";
        found.add(new Finding(place.where(), place.column(), Rule.RECURSION, message));
      }
    }
    return found;
  }

  private boolean reachesItself(String start) {
    var seen = new HashSet<String>();
    Deque<String> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      for (String called : calls.getOrDefault(open.pop(), Set.of())) {
        String first = firstDeclarations.getOrDefault(called, called);
        if (first.equals(start)) {
          return true;
        }
        if (seen.add(first)) {
          open.push(first);
        }
      }
    }
    return false;
  }
}
