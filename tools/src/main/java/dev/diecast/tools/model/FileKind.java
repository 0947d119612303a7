package dev.diecast.tools.model;

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
  /** Anything else: the plan reader says what is wrong with it. */
  PLAN;

  private static final byte[] GGUF_MAGIC = {'G', 'G', 'U', 'F'};

  /** Looks into the file. */
  public static FileKind of(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      if (Arrays.equals(in.readNBytes(GGUF_MAGIC.length), GGUF_MAGIC)) {
        return GGUF;
      }
    }
    return ShapeFile.is(file) ? SHAPE : PLAN;
  }
}
