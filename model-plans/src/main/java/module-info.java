/** What lies on disk: plans, GGUF files, tokenizers and the shapes of known models. */
@org.jspecify.annotations.NullMarked
module dev.diecast.plans {
  requires static org.jspecify;
  requires com.google.protobuf;
  requires dev.diecast.kernels;

  exports dev.diecast.plans;
  exports dev.diecast.plans.files;
  exports dev.diecast.plans.gguf;
  exports dev.diecast.plans.shapes;
  exports dev.diecast.plans.tokenizer;

  // Its reflection, which descriptors and text forms use.
  exports dev.diecast.plans.proto to
      com.google.protobuf;
}
