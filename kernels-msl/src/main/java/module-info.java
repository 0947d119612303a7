/** Kernel contracts: the names, arguments and layouts that every device implements. */
@org.jspecify.annotations.NullMarked
module dev.diecast.kernels {
  requires static org.jspecify;

  exports dev.diecast.kernels;
  exports dev.diecast.kernels.host;
  exports dev.diecast.kernels.launch;
  exports dev.diecast.kernels.metallib;
  exports dev.diecast.kernels.msl;
  exports dev.diecast.kernels.msl.rules;
}
