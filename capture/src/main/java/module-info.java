/** The planner: traces one decode step of a model into a plan. */
@org.jspecify.annotations.NullMarked
module dev.diecast.capture {
  requires static org.jspecify;
  requires transitive dev.diecast.plans;
  requires dev.diecast.kernels;

  exports dev.diecast.capture;
  exports dev.diecast.capture.arch;
  exports dev.diecast.capture.cost;
  exports dev.diecast.capture.graph;
  exports dev.diecast.capture.interpret;
  exports dev.diecast.capture.passes;
}
