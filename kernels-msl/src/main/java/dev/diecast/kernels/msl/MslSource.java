package dev.diecast.kernels.msl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * MSL text with its own headers inlined, each once; a map leads from its lines to the files.
 *
 * @param name the file that was asked for
 * @param text all lines, each ended by a line feed
 * @param lines where each line of the text was written
 */
public record MslSource(String name, String text, List<SourceLine> lines) {
  /** Where the kernels of this module lie among its resources. */
  static final String RESOURCES = "/dev/diecast/kernels/msl/";

  /** Copies the map. */
  public MslSource {
    lines = List.copyOf(lines);
  }

  /**
   * A file and the headers beside it.
   *
   * @throws IOException when the file cannot be read
   * @throws MslException when it is not text or a header is missing
   */
  public static MslSource ofFile(Path file) throws IOException {
    return new Inliner(Inliner.files()).inline(file.toString());
  }

  /**
   * A kernel family of this module, such as {@code "gemv.metal"}.
   *
   * @throws IOException when there is none of that name
   */
  public static MslSource ofResource(String name) throws IOException {
    return new Inliner(Inliner.resources()).inline(name);
  }

  /** Text that includes no headers of its own. */
  public static MslSource ofText(String name, String text) {
    try {
      return new Inliner(Inliner.only(name, text)).inline(name);
    } catch (IOException e) {
      throw new IllegalStateException("text in memory cannot fail to be read", e);
    }
  }

  /** Where a line of {@link #text} was written; lines count from 1. */
  public SourceLine at(int line) {
    if (lines.isEmpty()) {
      return new SourceLine(name, 1);
    }
    return lines.get(Math.clamp(line, 1, lines.size()) - 1);
  }
}
