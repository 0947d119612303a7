/**
 * Panama FFM bindings and thin typed wrappers over native libraries. Knows nothing of models or
 * plans.
 */
@org.jspecify.annotations.NullMarked
module dev.diecast.bindings {
  requires static org.jspecify;

  exports dev.diecast.bindings.metal;
  exports dev.diecast.bindings.objc;
  exports dev.diecast.bindings.posix;
}
