package dev.diecast.tools.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class WrappedTextTest {
  private static String shown(int columns, String... pieces) throws IOException {
    var out = new ByteArrayOutputStream();
    var err = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    var console = new Console(InputStream.nullInputStream(), out, err, false, false);
    var text = new WrappedText(console, "  ", columns);
    for (String piece : pieces) {
      text.add(piece);
    }
    text.end();
    return out.toString(UTF_8);
  }

  @Test
  void linesAreFilledToTheColumn() throws IOException {
    assertThat(shown(9, "one two three")).isEqualTo("  one two\n  three\n");
    assertThat(shown(8, "one two three")).isEqualTo("  one\n  two\n  three\n");
  }

  @Test
  void wordsMayComeInPieces() throws IOException {
    assertThat(shown(40, "Once", " up", "on", " a", "\n", "time."))
        .isEqualTo("  Once upon a time.\n");
  }

  @Test
  void aWordThatIsTooLongHasALineOfItsOwn() throws IOException {
    assertThat(shown(6, "a longword b")).isEqualTo("  a\n  longword\n  b\n");
  }
}
