package dev.diecast.capture.passes;

import dev.diecast.capture.graph.Graph;

/** One named step from graph to graph that keeps what the graph computes. */
public interface Pass {
  /** Its name in {@code --passes} and in reports: {@code fuse-residual}. */
  String name();

  /** One line for people: what it puts in the place of what. */
  String summary();

  /** Whether lowering depends on it, so that it cannot be switched off. */
  boolean required();

  /** The rewritten graph and how often the pass applied. */
  Outcome apply(Graph graph);

  /** What a pass made of a graph. */
  record Outcome(Graph graph, long changes) {}
}
