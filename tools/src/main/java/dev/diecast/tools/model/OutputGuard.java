package dev.diecast.tools.model;

import dev.diecast.plans.PlanException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Keeps a slip of the hand from costing a model: an output does not replace a GGUF. */
public final class OutputGuard {
  private static final byte[] GGUF = "GGUF".getBytes(StandardCharsets.US_ASCII);

  private OutputGuard() {}

  /**
   * Throws a {@link PlanException} when {@code out} is an existing model file.
   *
   * @param advice what to do instead
   */
  public static void check(Path out, String advice) throws IOException {
    if (!Files.isRegularFile(out) || !Files.isReadable(out)) {
      return;
    }
    try (InputStream in = Files.newInputStream(out)) {
      if (Arrays.equals(in.readNBytes(GGUF.length), GGUF)) {
        throw new PlanException(out + ": is a model, which --out must not replace; " + advice);
      }
    }
  }
}
