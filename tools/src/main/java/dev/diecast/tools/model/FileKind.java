package dev.diecast.tools.model;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.shapes.ShapeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** What a file holds, by its first bytes; names prove nothing. */
public enum FileKind {
  GGUF,
  /** A shape file. */
  SHAPE,
  PLAN;

  private static final byte[] GGUF_MAGIC = "GGUF".getBytes(US_ASCII);
  // The tag of a plan's first field, then that field.
  private static final byte[] PLAN_MAGIC = "\tDIECASTP".getBytes(US_ASCII);

  /** Looks into the file; a {@link PlanException} when it is neither. */
  public static FileKind of(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(PLAN_MAGIC.length);
      if (startsWith(start, GGUF_MAGIC)) {
        return GGUF;
      }
      if (startsWith(start, PLAN_MAGIC)) {
        return PLAN;
      }
      if (ShapeFile.is(file)) {
        return SHAPE;
      }
      String what = start.length == 0 ? "is empty" : "is neither a GGUF, nor a plan, nor a shape";
      throw new PlanException(file + ": " + what);
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }
}
