package dev.diecast.tools.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;

/**
 * What a command reads and writes, so that tests can run commands in their own process.
 *
 * @param in standard input
 * @param out standard output; unlike {@link System#out} it reports a failed write
 * @param err standard error
 * @param inIsTerminal whether a person types the input
 * @param errIsTerminal whether a person sees the errors, and so the progress bars
 */
// The annotation that it asks for would be a dependency of its own.
@SuppressWarnings("AnnotateFormatMethod")
public record Console(
    InputStream in,
    OutputStream out,
    PrintStream err,
    boolean inIsTerminal,
    boolean errIsTerminal) {
  /** A console whose failed writes name standard output. */
  public Console {
    out = new StandardOutput(out);
  }

  /** The console of this process. The launcher says which ends are terminals. */
  public static Console ofProcess() {
    return new Console(
        System.in,
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
        Boolean.getBoolean("diecast.stdin.terminal"),
        Boolean.getBoolean("diecast.stderr.terminal"));
  }

  /** Writes text to standard output. */
  public void print(String text) throws IOException {
    out.write(text.getBytes(UTF_8));
  }

  /** Writes a line to standard output. */
  public void println(String line) throws IOException {
    print(line + "\n");
  }

  /** Writes a formatted line to standard output. */
  public void line(String format, Object... values) throws IOException {
    println(String.format(Locale.ROOT, format, values));
  }

  /** Writes a formatted line to standard error. */
  public void note(String format, Object... values) {
    err.print(String.format(Locale.ROOT, format, values) + "\n");
  }
}
