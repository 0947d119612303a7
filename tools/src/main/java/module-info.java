/** The command line, reports and benchmarks. */
@org.jspecify.annotations.NullMarked
module dev.diecast.tools {
  requires static org.jspecify;
  requires dev.diecast.bindings;
  requires dev.diecast.capture;
  requires dev.diecast.kernels;
  requires dev.diecast.plans;
  requires dev.diecast.replay;
  requires info.picocli;
  requires tools.jackson.databind;
  requires me.tongfei.progressbar;
  requires java.management;
  requires jdk.management;

  opens dev.diecast.tools.command to
      info.picocli;
  opens dev.diecast.tools.console to
      info.picocli;
}
