package dev.diecast.plans.shapes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.files.IoReason;
import dev.diecast.plans.files.NewFile;
import dev.diecast.plans.gguf.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Shape files: a model without its weights, as text. The first line is {@code diecast-shape 1};
 * {@code meta KEY TYPE VALUE} gives metadata, {@code tensor NAME TYPE EXTENT...} a tensor, row
 * length first, in the order of the file that it came from; {@code #} starts a comment.
 */
public final class ShapeFile {
  static final String FIRST_LINE = "diecast-shape 1";

  private static final byte[] MAGIC = "diecast-shape ".getBytes(UTF_8);
  private static final int MOST_BYTES = 16 << 20;

  private ShapeFile() {}

  /** Whether a file begins like a shape file. */
  public static boolean is(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    } catch (IOException e) {
      return false;
    }
  }

  /** Reads a shape. A {@link PlanException} names the file, the line and the fault. */
  public static ModelSource read(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw new PlanException(file + ": cannot be read: " + IoReason.of(e), e);
    }
    return read(file.toString(), bytes);
  }

  /** The shape in those bytes; {@code where} starts every error. */
  public static ModelSource read(String where, byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new PlanException(where + ": more than the " + MOST_BYTES + " bytes of a shape");
    }
    try {
      return ShapeParser.parse(where, UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new PlanException(where + ": is not UTF-8", e);
    }
  }

  /**
   * Writes the shape of a model under a name of its own; the same model and name give the same
   * bytes. Under the final name stands either the whole file or what stood there before.
   */
  public static void write(ModelSource model, String name, Path file) {
    byte[] bytes = ShapeText.of(model, name).getBytes(UTF_8);
    // What the reader would refuse is not written.
    read(file.toString(), bytes);
    try {
      NewFile.write(file, bytes);
    } catch (IOException e) {
      throw new PlanException(file + ": cannot be written: " + IoReason.of(e), e);
    }
  }
}
