package dev.diecast.plans;

import dev.diecast.plans.codec.PlanFormat;
import dev.diecast.plans.codec.PlanReader;
import dev.diecast.plans.codec.PlanWriter;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Plans to bytes and back, in the format of {@code plan.proto}. The encoding is canonical: equal
 * plans are equal bytes, and other bytes for the same plan are refused. Decoding proves only that
 * the bytes say a plan; whether the plan holds is {@link PlanVerifier}'s to prove.
 */
public final class PlanCodec {
  private PlanCodec() {}

  /** The bytes of the plan's file. */
  public static byte[] encode(Plan plan) {
    return PlanWriter.write(plan);
  }

  /** The plan in those bytes. A {@link PlanException} says what is wrong with them. */
  public static Plan decode(byte[] bytes) {
    return decode("plan", bytes);
  }

  /** The plan in a file, not verified. A {@link PlanException} names the file and the fault. */
  public static Plan decode(Path file) {
    return decode(file.toString(), contents(file));
  }

  /** The plan in those bytes; {@code where} starts every error. */
  public static Plan decode(String where, byte[] bytes) {
    return PlanReader.read(where, bytes);
  }

  private static byte[] contents(Path file) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new PlanException(file + ": not a file", new FileSystemException(file.toString()));
      }
      long bytes = Files.size(file);
      if (bytes > PlanFormat.MAX_BYTES) {
        throw new PlanException(
            file + ": " + bytes + " bytes, more than a plan's " + PlanFormat.MAX_BYTES);
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new PlanException(file + ": no such file", e);
    } catch (IOException e) {
      throw new PlanException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
