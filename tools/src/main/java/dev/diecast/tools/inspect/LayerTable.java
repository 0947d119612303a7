package dev.diecast.tools.inspect;

import java.io.IOException;
import java.util.List;

/** One row per layer; neighbouring layers that are alike share a row, stated for each of them. */
final class LayerTable {
  private LayerTable() {}

  static void print(List<LayerCost> layers, Appendable out) throws IOException {
    TextTable table =
        new TextTable(
            "  ",
            "layers",
            "dispatches",
            "barriers",
            "weights each",
            "kv each",
            "us each",
            "roofline us");
    int from = 0;
    for (int i = 1; i <= layers.size(); i++) {
      if (i == layers.size() || !layers.get(i).alike(layers.get(from))) {
        LayerCost layer = layers.get(from);
        table.row(
            range(layers, from, i - 1),
            layer.dispatches(),
            layer.barriers(),
            Display.size(layer.weightBytes()),
            Display.size(layer.kvBytes()),
            Micros.text(layer.predictedMicros()),
            Micros.text(layer.rooflineMicros()));
        from = i;
      }
    }
    table.print(out);
  }

  private static String range(List<LayerCost> layers, int from, int to) {
    int first = layers.get(from).layer();
    if (first < 0) {
      return from == 0 ? "before" : to == layers.size() - 1 ? "after" : "between";
    }
    int last = layers.get(to).layer();
    return first == last ? "" + first : first + ".." + last;
  }
}
