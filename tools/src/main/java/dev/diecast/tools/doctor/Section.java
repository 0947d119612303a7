package dev.diecast.tools.doctor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Facts about one thing.
 *
 * @param name of the thing
 * @param facts by name, in order: texts, numbers, truths or lists of texts; names of sizes end in
 *     {@code _bytes}
 */
record Section(String name, Map<String, Object> facts) {
  /** Copies the map. */
  Section {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** A section to add facts to. */
  static Draft named(String name) {
    return new Draft(name, new LinkedHashMap<>());
  }

  /** A section in the making. */
  record Draft(String name, Map<String, Object> facts) {
    Draft with(String fact, String value) {
      facts.put(fact, value);
      return this;
    }

    Draft with(String fact, long value) {
      facts.put(fact, value);
      return this;
    }

    Draft with(String fact, boolean value) {
      facts.put(fact, value);
      return this;
    }

    Draft with(String fact, List<String> value) {
      facts.put(fact, List.copyOf(value));
      return this;
    }

    Section done() {
      return new Section(name, facts);
    }
  }
}
