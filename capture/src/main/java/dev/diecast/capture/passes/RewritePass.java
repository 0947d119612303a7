package dev.diecast.capture.passes;

import dev.diecast.capture.graph.Graph;

/** Applies one {@link Rule} until it matches nowhere. */
record RewritePass(String name, String summary, boolean required, Rule rule) implements Pass {
  @Override
  public Outcome apply(Graph graph) {
    Graph now = graph;
    long changes = 0;
    long inSweep;
    do {
      GraphEditor editor = new GraphEditor(now);
      inSweep = editor.sweep(rule);
      changes += inSweep;
      now = editor.graph();
    } while (inSweep > 0);
    return new Outcome(now, changes);
  }
}
