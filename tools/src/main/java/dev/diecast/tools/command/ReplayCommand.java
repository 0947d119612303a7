package dev.diecast.tools.command;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanFiles;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.tokenizer.Tokenizer;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.check.CheckPrinter;
import dev.diecast.tools.check.CheckReport;
import dev.diecast.tools.check.ReplayCheck;
import dev.diecast.tools.check.ReplayCheck.Subject;
import dev.diecast.tools.check.ReplayedTokens;
import dev.diecast.tools.check.Tolerance;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.ExitCode;
import dev.diecast.tools.console.Progress;
import dev.diecast.tools.model.RunnableDevices;
import dev.diecast.tools.model.TokenList;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diecast replay}. */
@Command(
    name = "replay",
    header = "Replays a plan's decode program on given tokens, and checks every dispatch.",
    description = {
      "%nFeeds the tokens one after another, whatever the model would have chosen, and prints the "
          + "likeliest next token after each.%n%n"
          + "With --check, a fused plan and one without fusion run side by side with the traced graph in "
          + "float64, and what each dispatch wrote is compared with the value of the same operation in "
          + "the trace. Exit code 1 when a gap is more than rounding.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast replay model.gguf --prompt 'Once upon a time'",
      "  diecast replay model.gguf --tokens 1,15043,3186 --check",
      "  diecast replay model.gguf --plan model.plan --prompt Hello --check --all",
    })
public final class ReplayCommand implements Callable<Integer> {
  private static final String UNFUSED = "-fuse";

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL.gguf", description = "The model.")
  private Path model = Path.of("");

  @Option(
      names = "--plan",
      paramLabel = "P",
      description = "Replays this plan instead of compiling one.")
  private @Nullable Path plan;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Input input = new Input();

  static final class Input {
    @Option(names = "--tokens", paramLabel = "IDS", description = "Token ids separated by commas.")
    private @Nullable String tokens;

    @Option(
        names = {"-p", "--prompt"},
        paramLabel = "TEXT",
        description = "A text, which the model's tokenizer turns into tokens.")
    private String prompt = "";
  }

  @Option(names = "--check", description = "Compares every dispatch with the float64 interpreter.")
  private boolean check;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description =
          "Relative L2 of logits that counts as rounding; values inside layers may have four times that (default: by the types of the weights).")
  private @Nullable Float tolerance;

  @Option(names = "--all", description = "With --check: lists every dispatch in order.")
  private boolean all;

  @Option(
      names = "--passes",
      paramLabel = "LIST",
      description = "Switches compiler passes, as in `diecast compile`.")
  private @Nullable String passes;

  @Mixin private DeviceOption device = new DeviceOption();
  @Mixin private RunOptions run = new RunOptions();

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public ReplayCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (plan != null && passes != null) {
      throw new ParameterException(
          spec.commandLine(), "--passes are fixed when a plan is compiled; leave out --plan");
    }
    if (!check && (all || tolerance != null)) {
      throw new ParameterException(
          spec.commandLine(), (all ? "--all" : "--tolerance") + " goes with --check");
    }
    if (tolerance != null && !(tolerance > 0 && tolerance < 1)) {
      throw new PlanException("--tolerance is " + tolerance + ", expected a number from 0 to 1");
    }
    Plan given = plan == null ? null : PlanFiles.read(plan);
    if (given != null && device.contradicts(given.device())) {
      throw new ParameterException(
          spec.commandLine(),
          plan + " was compiled for " + given.device() + ", which --device cannot change");
    }
    String target = given == null ? device.name() : given.device();
    RunnableDevices.require(target);
    SessionOptions options = run.session();
    try (GgufFile file = GgufFile.open(model)) {
      int[] tokens = tokens(file);
      CompileOptions compile =
          CompileOptions.DEFAULTS
              .withDevice(target)
              .withContext(tokens.length)
              .withPrefillTokens(0);
      Subject subject = subject(file, given, compile);
      requireRoom(subject.plan(), tokens);
      return check
          ? check(file, options, subject, compile, tokens)
          : replay(file, options, subject, tokens);
    }
  }

  private int replay(GgufFile file, SessionOptions options, Subject subject, int[] tokens)
      throws Exception {
    try (Session session = Session.open(subject.plan(), file, options)) {
      ReplayedTokens replayed = ReplayedTokens.run(session, tokens);
      if (json) {
        replayed.printJson(console);
      } else {
        replayed.printTable(console);
      }
    }
    return ExitCode.OK;
  }

  private int check(
      GgufFile file, SessionOptions options, Subject subject, CompileOptions compile, int[] tokens)
      throws Exception {
    Tolerance allowed = tolerance == null ? null : Tolerance.of(tolerance);
    Subject unfused =
        Subject.compile("without fusion", file, compile, PassSelection.parse(UNFUSED));
    CheckReport report;
    try (Progress progress = Progress.ofSteps(console, "check", tokens.length)) {
      report =
          new ReplayCheck(file, file, options, allowed)
              .run(List.of(subject, unfused), tokens, progress::reached);
    }
    CheckPrinter printer = new CheckPrinter(report, console);
    if (json) {
      printer.json();
    } else {
      printer.table(all);
    }
    return report.holds() ? ExitCode.OK : ExitCode.INTERNAL;
  }

  private Subject subject(GgufFile file, @Nullable Plan given, CompileOptions compile) {
    if (given != null) {
      return Subject.of(String.valueOf(plan), given);
    }
    PassSelection selection = PassSelection.parse(passes == null ? "" : passes);
    return Subject.compile("fused", file, compile, selection);
  }

  private int[] tokens(GgufFile file) {
    int[] tokens =
        input.tokens != null
            ? TokenList.parse("--tokens", input.tokens, "\\s*,\\s*")
            : Tokenizer.of(file.metadata()).encode(input.prompt, true, true);
    if (tokens.length == 0) {
      throw new PlanException(
          input.tokens != null ? "--tokens names no token" : "--prompt: the prompt is empty");
    }
    return tokens;
  }

  private void requireRoom(Plan replayed, int[] tokens) {
    long held = replayed.model().context();
    if (tokens.length > held) {
      throw new PlanException(
          "%s: its context holds %d tokens, %d are given"
              .formatted(plan == null ? model : plan, held, tokens.length));
    }
    for (int id : tokens) {
      if (id >= replayed.model().vocab()) {
        throw new PlanException(
            "token %d is not in the vocabulary of %d".formatted(id, replayed.model().vocab()));
      }
    }
  }
}
