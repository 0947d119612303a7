package dev.diecast.tools.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.plans.PlanException;
import dev.diecast.tools.console.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;

/** UTF-8 text that a user hands in. */
public final class TextInput {
  private static final Path STANDARD_INPUT = Path.of("-");

  private TextInput() {}

  /**
   * All of a file, or of standard input when it is {@code -}; an error names the first bad byte.
   */
  public static String read(Path file, Console console) throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return decode(console.in().readAllBytes(), "standard input");
    }
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder");
    }
    return decode(Files.readAllBytes(file), file.toString());
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
