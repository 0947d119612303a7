package dev.diecast.tools.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.plans.PlanException;
import dev.diecast.tools.console.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * UTF-8 text that a user hands in.
 *
 * @param text the text
 * @param where the option, file or stream that it comes from, for errors
 */
public record TextInput(String text, String where) {
  /** The longest text that is read. Many times that must fit the heap while it is tokenised. */
  static final int MAX_BYTES = 64 << 20;

  private static final Path STANDARD_INPUT = Path.of("-");

  /**
   * All of a file, or of standard input when it is {@code -}. An error names the first bad byte;
   * what is longer than 64 MiB, an endless device too, is refused once that much was read.
   */
  public static TextInput read(Path file, Console console) throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return read(console.in(), "standard input");
    }
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    }
  }

  private static TextInput read(InputStream in, String where) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new PlanException(
          where + ": is longer than the " + (MAX_BYTES >> 20) + " MiB of a text");
    }
    return new TextInput(decode(bytes, where), where);
  }

  static String decode(byte[] bytes, String where) {
    CharsetDecoder decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    // UTF-8 never has fewer bytes than UTF-16 has units.
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new PlanException(where + ": byte " + in.position() + " is not UTF-8 text");
    }
    return out.flip().toString();
  }
}
