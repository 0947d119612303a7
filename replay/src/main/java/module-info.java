/** The runtime: loads a plan and its weights, binds them to a device and replays tokens. */
@org.jspecify.annotations.NullMarked
module dev.diecast.replay {
  requires static org.jspecify;
  requires transitive dev.diecast.plans;
  requires dev.diecast.kernels;
  requires dev.diecast.bindings;
  requires jdk.incubator.vector;

  exports dev.diecast.replay;
  // Single kernels, for their case lists and benchmarks.
  exports dev.diecast.replay.cpu to
      dev.diecast.tools;
  // What the GPU is, and where its time goes, for doctor and profile.
  exports dev.diecast.replay.metal to
      dev.diecast.tools;
}
