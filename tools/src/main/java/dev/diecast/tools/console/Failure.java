package dev.diecast.tools.console;

import dev.diecast.bindings.objc.MetalException;
import dev.diecast.kernels.msl.MslException;
import dev.diecast.kernels.msl.rules.ClangUnavailable;
import dev.diecast.plans.PlanException;
import dev.diecast.replay.ReplayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong, as the user sees it.
 *
 * @param exitCode one of {@link ExitCode}
 * @param message one line; empty when there is nobody to tell
 */
public record Failure(int exitCode, String message) {
  private static final String MORE_MEMORY = "; DIECAST_JAVA_OPTS=-Xmx4g allows a heap of 4 GiB";

  /** What the user is told about a throwable. */
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case PlanException e when ioCause(e) != null -> new Failure(ExitCode.IO, said(e));
      case PlanException e when e.getCause() instanceof OutOfMemoryError ->
          new Failure(ExitCode.RUNTIME, said(e));
      case PlanException e -> new Failure(ExitCode.BAD_INPUT, said(e));
      case ReplayException e -> new Failure(ExitCode.RUNTIME, said(e));
      case DeviceUnavailable e -> new Failure(ExitCode.RUNTIME, said(e));
      case MetalException e -> new Failure(ExitCode.RUNTIME, said(e));
      case MslException e -> new Failure(ExitCode.BAD_INPUT, said(e));
      case ClangUnavailable e -> new Failure(ExitCode.RUNTIME, said(e));
      case IOException e -> ofIo(e);
      case UncheckedIOException e when e.getCause() != null -> ofIo(e.getCause());
      case OutOfMemoryError e ->
          new Failure(ExitCode.RUNTIME, "not enough memory: " + said(e) + MORE_MEMORY);
      case StackOverflowError e ->
          new Failure(ExitCode.BAD_INPUT, "the input nests too deeply for this program");
      case InternalError e when said(e).contains("unsafe memory access") ->
          new Failure(ExitCode.IO, "a mapped file shrank or could not be read while it was in use");
      default -> bug(thrown);
    };
  }

  private static Failure ofIo(IOException e) {
    String message = said(e);
    if (message.contains("Broken pipe")) {
      // The reader of our output has seen enough, as `| head` does.
      return new Failure(ExitCode.OK, "");
    }
    return switch (e) {
      case NoSuchFileException missing -> io(message + ": no such file or folder");
      case AccessDeniedException denied -> io(message + ": permission denied");
      case FileAlreadyExistsException there -> io(message + ": exists already");
      case NotDirectoryException file -> io(message + ": not a folder");
      case DirectoryNotEmptyException full -> io(message + ": a folder that is not empty");
      default -> io(message);
    };
  }

  private static Failure io(String message) {
    return new Failure(ExitCode.IO, message);
  }

  private static Failure bug(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    String where = trace.length == 0 ? "" : " at " + trace[0];
    return new Failure(
        ExitCode.INTERNAL,
        "a fault in diecast itself: %s%s (DIECAST_DEBUG=1 shows all of it)"
            .formatted(thrown, where));
  }

  private static @Nullable IOException ioCause(Throwable thrown) {
    for (Throwable t = thrown.getCause(); t != null; t = t.getCause()) {
      if (t instanceof IOException io) {
        return io;
      }
    }
    return null;
  }

  private static String said(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }

  /** The line for standard error. Names in hostile files must not steer the terminal. */
  public String line() {
    StringBuilder line = new StringBuilder("diecast: error: ");
    if (message.startsWith(": ")) {
      line.append("''"); // a file without a name
    }
    message.strip().codePoints().forEach(c -> appendVisibly(line, c));
    return line.toString();
  }

  private static void appendVisibly(StringBuilder line, int c) {
    if (c == '\n') {
      line.append("; ");
    } else if (Character.isISOControl(c)) {
      line.append("\\u%04x".formatted(c));
    } else {
      line.appendCodePoint(c);
    }
  }
}
