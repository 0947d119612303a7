package dev.diecast.tools.demo;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The questions that the demo model is measured by, in the order of their file, which {@code
 * tools/demo-model/held_out_set.py} writes.
 */
public record HeldOutSet(List<HeldOutItem> items) {
  private static final String RESOURCE = "held-out.json";

  /** A set with its own copy of the items. */
  public HeldOutSet {
    items = List.copyOf(items);
  }

  /** All of them. */
  public static HeldOutSet load() throws IOException {
    try (InputStream in = HeldOutSet.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing");
      }
      List<HeldOutItem> items = new ArrayList<>();
      for (JsonNode node : JsonMapper.shared().readTree(in)) {
        items.add(
            new HeldOutItem(
                HeldOutItem.Kind.named(text(node, "kind")),
                text(node, "question"),
                text(node, "answer")));
      }
      return new HeldOutSet(items);
    }
  }

  private static String text(JsonNode node, String key) {
    return node.required(key).stringValue();
  }

  /** At most that many items, spread evenly over the set, so that every kind has its share. */
  public HeldOutSet atMost(int count) {
    if (count >= items.size()) {
      return this;
    }
    List<HeldOutItem> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      some.add(items.get((int) ((long) i * items.size() / count)));
    }
    return new HeldOutSet(some);
  }
}
