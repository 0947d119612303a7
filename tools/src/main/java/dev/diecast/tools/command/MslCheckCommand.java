package dev.diecast.tools.command;

import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.msl.rules.Clang;
import dev.diecast.kernels.msl.rules.Rule;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.ExitCode;
import dev.diecast.tools.inspect.Json;
import dev.diecast.tools.msl.CheckReport;
import dev.diecast.tools.msl.CheckedFile;
import dev.diecast.tools.msl.MslJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code diecast msl check}. */
@Command(
    name = "check",
    header = "Says what Apple's compiler would refuse in MSL files.",
    description = {
      "%nReads the declarations, then has clang 17 or later compile the files with real address "
          + "spaces. Findings are printed as FILE:LINE:COLUMN: MESSAGE [RULE]; any of them makes "
          + "the exit code 3.%n",
      "Files whose comments describe cases (// check: kernel NAME grid ...) then run on this "
          + "machine under three schedules, every access to memory checked.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast msl check kernels.metal",
      "  diecast msl check *.metal --ignore long",
      "  diecast msl check kernels.metal --json | jq '.files[].findings'",
    })
public final class MslCheckCommand implements Callable<Integer> {
  private static final int KERNELS_SHOWN = 20;

  private final Console console;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--ignore",
      paramLabel = "RULE",
      split = ",",
      description =
          "Rules that do not count: language, address-space, unqualified-pointer, "
              + "threadgroup-initialiser, recursion, goto, lambda, long.")
  private List<String> ignored = new ArrayList<>();

  @Option(names = "--kernels", description = "Describes every kernel, not just the first 20.")
  private boolean kernels;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** The command on a console. */
  public MslCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Set<Rule> without = rules();
    Clang clang = Clang.find();
    var checked = new ArrayList<CheckedFile>();
    for (Path file : files) {
      CheckedFile one = run(CheckedFile.check(file, clang, without));
      checked.add(one);
      if (!json) {
        console.print(CheckReport.of(one, kernels ? Integer.MAX_VALUE : KERNELS_SHOWN));
      }
    }
    if (json) {
      print(checked);
    }
    return verdict(checked);
  }

  private CheckedFile run(CheckedFile sound) {
    if (!sound.isRunnable()) {
      return sound;
    }
    if (!HostCompiler.isAvailable()) {
      console.note("%s: its cases did not run: that needs clang++ on Linux", sound.file());
      return sound;
    }
    return sound.run(HostCompiler.inUserCache());
  }

  private int verdict(List<CheckedFile> checked) {
    int findings = checked.stream().mapToInt(CheckedFile::count).sum();
    if (findings == 0) {
      return ExitCode.OK;
    }
    long bad = checked.stream().filter(c -> c.count() > 0).count();
    console.note(
        "diecast: error: %s in %s",
        CheckReport.counted(findings, "finding"), CheckReport.counted(bad, "file"));
    return ExitCode.BAD_INPUT;
  }

  private void print(List<CheckedFile> checked) throws IOException {
    var root = Json.object();
    var list = root.put("kind", "msl-check").putArray("files");
    checked.forEach(c -> MslJson.checked(c, list.addObject()));
    Json.write(root, console.out());
  }

  private Set<Rule> rules() {
    Set<Rule> found = EnumSet.noneOf(Rule.class);
    for (String id : ignored) {
      found.add(
          Arrays.stream(Rule.values())
              .filter(r -> r.id().equals(id) && r != Rule.DECLARATIONS)
              .findFirst()
              .orElseThrow(() -> noRule(id)));
    }
    return found;
  }

  private ParameterException noRule(String id) {
    String known =
        Arrays.stream(Rule.values())
            .filter(r -> r != Rule.DECLARATIONS)
            .map(Rule::id)
            .collect(Collectors.joining(", "));
    return new ParameterException(
        spec.commandLine(), "no rule '%s'; there are %s".formatted(id, known));
  }
}
