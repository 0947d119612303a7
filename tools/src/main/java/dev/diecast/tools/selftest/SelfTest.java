package dev.diecast.tools.selftest;

import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.SessionOptions;
import dev.diecast.replay.metal.MetalFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The bundled model, then all kernels, on one device.
 *
 * @param device {@code cpu} or {@code metal}
 * @param options of its sessions
 * @param named which checks are wanted, by name
 * @param seconds after which no more are begun
 */
public record SelfTest(
    String device, SessionOptions options, Predicate<String> named, double seconds) {

  /** Runs the checks; each is told as soon as it ends. */
  public void run(Consumer<Check> found) throws IOException {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    BooleanSupplier inTime = () -> System.nanoTime() < end;
    new ModelChecks(device, ways(), named, inTime).run(found);
    boolean gpu = device.equals("metal");
    new KernelChecks(
            forms ->
                gpu
                    ? new MetalCaseRunner(forms, options.metal())
                    : new CpuCaseRunner(forms, options.threads()),
            form -> gpu || !form.isTiled(),
            named,
            inTime)
        .run(found);
  }

  /** On a GPU every encoder that it has, unless one was asked for. */
  private List<ModelChecks.Way> ways() {
    if (!device.equals("metal")) {
      return List.of(new ModelChecks.Way("cpu", options));
    }
    List<ModelChecks.Way> ways = new ArrayList<>();
    MetalFacts gpu = MetalFacts.all().getFirst();
    List<Encoder> encoders =
        options.metal().encoder() == Encoder.AUTO
            ? List.of(Encoder.DIRECT, Encoder.ICB, Encoder.MTL4)
            : List.of(options.metal().encoder());
    for (Encoder encoder : encoders) {
      if (encoders.size() == 1 || !gpu.obstacles().containsKey(encoder)) {
        ways.add(
            new ModelChecks.Way(
                encoder.name().toLowerCase(Locale.ROOT),
                options.withMetal(options.metal().withEncoder(encoder))));
      }
    }
    return ways;
  }
}
