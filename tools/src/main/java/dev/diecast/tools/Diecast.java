package dev.diecast.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.bindings.posix.Descriptors;
import dev.diecast.tools.command.BenchCommand;
import dev.diecast.tools.command.BenchKernelsCommand;
import dev.diecast.tools.command.CompileCommand;
import dev.diecast.tools.command.CompletionCommand;
import dev.diecast.tools.command.DemoCommand;
import dev.diecast.tools.command.DiffCommand;
import dev.diecast.tools.command.DoctorCommand;
import dev.diecast.tools.command.EvalCommand;
import dev.diecast.tools.command.GenerateCommand;
import dev.diecast.tools.command.InspectCommand;
import dev.diecast.tools.command.LogitsCommand;
import dev.diecast.tools.command.MslCheckCommand;
import dev.diecast.tools.command.MslCommand;
import dev.diecast.tools.command.MslReflectCommand;
import dev.diecast.tools.command.PipelinesBuildCommand;
import dev.diecast.tools.command.PipelinesCommand;
import dev.diecast.tools.command.PipelinesListCommand;
import dev.diecast.tools.command.ProfileCommand;
import dev.diecast.tools.command.ReplayCommand;
import dev.diecast.tools.command.RootCommand;
import dev.diecast.tools.command.SelfTestCommand;
import dev.diecast.tools.command.ShapesAddCommand;
import dev.diecast.tools.command.ShapesCommand;
import dev.diecast.tools.command.SynthCommand;
import dev.diecast.tools.command.TokenizeCommand;
import dev.diecast.tools.command.TuneCommand;
import dev.diecast.tools.command.VerifyPlanCommand;
import dev.diecast.tools.command.VersionCommand;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.ExitCode;
import dev.diecast.tools.console.Failure;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The diecast command. */
public final class Diecast {
  private static final int STDERR = 2;

  private Diecast() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    restoreStandardError();
    int code = run(Console.ofProcess(), args);
    System.exit(code);
  }

  /** Runs the command line on a console; returns one of {@link ExitCode}. */
  public static int run(Console console, String... args) {
    int code;
    try {
      code = commandLine(console).execute(args.length == 0 ? new String[] {"--help"} : args);
    } catch (Throwable t) {
      // Errors such as a full heap pass picocli's own handler by.
      return report(console, t);
    }
    if (code != ExitCode.OK) {
      flushQuietly(console);
      return code;
    }
    try {
      console.out().flush();
      return code;
    } catch (IOException e) {
      return report(console, e);
    }
  }

  /** The commands, without running any. */
  public static CommandLine commandLine(Console console) {
    CommandLine line =
        new CommandLine(new RootCommand())
            .addSubcommand(new DemoCommand(console))
            .addSubcommand(new CompileCommand(console))
            .addSubcommand(new GenerateCommand(console))
            .addSubcommand(new InspectCommand(console))
            .addSubcommand(new DiffCommand(console))
            .addSubcommand(new VerifyPlanCommand(console))
            .addSubcommand(new ReplayCommand(console))
            .addSubcommand(
                new CommandLine(new BenchCommand(console))
                    .addSubcommand(new BenchKernelsCommand(console)))
            .addSubcommand(new ProfileCommand(console))
            .addSubcommand(new DoctorCommand(console))
            .addSubcommand(new SelfTestCommand(console))
            .addSubcommand(new EvalCommand(console))
            .addSubcommand(new TuneCommand(console))
            .addSubcommand(new SynthCommand(console))
            .addSubcommand(
                new CommandLine(new ShapesCommand(console))
                    .addSubcommand(new ShapesAddCommand(console)))
            .addSubcommand(
                new CommandLine(new MslCommand())
                    .addSubcommand(new MslCheckCommand(console))
                    .addSubcommand(new MslReflectCommand(console)))
            .addSubcommand(
                new CommandLine(new PipelinesCommand())
                    .addSubcommand(new PipelinesBuildCommand(console))
                    .addSubcommand(new PipelinesListCommand(console)))
            .addSubcommand(new TokenizeCommand(console))
            .addSubcommand(new LogitsCommand(console))
            .addSubcommand(new CompletionCommand(console))
            .addSubcommand(new VersionCommand(console));
    return line.setOut(new PrintWriter(new OutputStreamWriter(console.out(), UTF_8)))
        .setErr(new PrintWriter(console.err(), true, UTF_8))
        .registerConverter(float.class, Diecast::number)
        .registerConverter(Float.class, Diecast::number)
        .registerConverter(double.class, text -> (double) number(text))
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setParameterExceptionHandler((e, _) -> misused(console, e))
        .setExecutionExceptionHandler((e, _, _) -> failed(console, e));
  }

  /** A finite number: no option means anything by NaN or infinity, however they are spelt. */
  private static float number(String text) {
    try {
      float value = Float.parseFloat(text);
      if (Float.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the error.
    }
    throw new TypeConversionException("'" + text + "' is not a number");
  }

  private static int failed(Console console, Exception e) {
    return e instanceof ParameterException misuse ? misused(console, misuse) : report(console, e);
  }

  private static int misused(Console console, ParameterException e) {
    String hint =
        "; see '%s --help'".formatted(e.getCommandLine().getCommandSpec().qualifiedName());
    // Some of picocli's messages start with a word that ours do already.
    String message =
        e.getMessage() == null
            ? "this command line makes no sense"
            : e.getMessage().replaceFirst("^Error: ", "");
    if (e instanceof UnmatchedArgumentException unmatched) {
      var suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        message += " (did you mean " + String.join(" or ", suggestions) + "?)";
      }
    }
    console.err().println(new Failure(ExitCode.USAGE, message + hint).line());
    return ExitCode.USAGE;
  }

  private static int report(Console console, Throwable thrown) {
    Failure failure = Failure.of(thrown);
    if (!failure.message().isEmpty()) {
      flushQuietly(console);
      console.err().println(failure.line());
    }
    String debug = System.getenv("DIECAST_DEBUG");
    if (debug != null && !debug.isEmpty()) {
      thrown.printStackTrace(console.err());
    }
    return failure.exitCode();
  }

  private static void flushQuietly(Console console) {
    try {
      console.out().flush();
    } catch (IOException e) {
      // A failure is being reported already.
    }
  }

  /**
   * The launcher hides what the JVM prints before this line (incubating modules cannot be used in
   * silence) and leaves the real standard error in another descriptor.
   */
  private static void restoreStandardError() {
    Integer hidden = Integer.getInteger("diecast.stderr.descriptor");
    if (hidden != null) {
      var _ = Descriptors.duplicate(hidden, STDERR);
    }
  }
}
