package dev.diecast.tests.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.diecast.tests.OracleModel;
import dev.diecast.tests.OracleModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a user gets wrong: the right exit code, and one line that says what and where. */
final class BadInputTest {
  private static final int USAGE = 2;
  private static final int BAD_INPUT = 3;
  private static final int RUNTIME = 4;
  private static final int IO = 5;

  @TempDir static Path dir;

  @BeforeAll
  static void makeFiles() throws IOException {
    byte[] model = Files.readAllBytes(OracleModels.bundled().getFirst().gguf());
    Files.write(file("good.gguf"), model);
    Files.write(file("cut.gguf"), Arrays.copyOf(model, model.length / 2));
    Files.write(file("header.gguf"), Arrays.copyOf(model, 20));
    Files.write(file("empty"), new byte[0]);
    Files.writeString(file("text"), "this is neither a model nor a plan\n");
    Files.write(file("latin1"), new byte[] {'a', 'b', (byte) 0xe9, 'c'});
    int code = Cli.run("compile", at("good.gguf"), "--out", at("good.plan"), "-q").code();
    assertThat(code).isZero();
    code = Cli.run("compile", at("good.gguf"), "--out", at("small.plan"), "--context", "16").code();
    assertThat(code).isZero();
    Files.createDirectory(file("folder"));
    Files.writeString(file("magic"), "GGUX and more that is no model\n");
    OracleModel other = OracleModels.bundled().getLast();
    Files.copy(other.gguf(), file("other.gguf"));
    byte[] plan = Files.readAllBytes(file("good.plan"));
    plan[plan.length / 3] ^= 0x40;
    Files.write(file("damaged.plan"), plan);
  }

  private static Path file(String name) {
    return dir.resolve(name);
  }

  /** A path by name; resolved late, because the folder is not known when arguments are listed. */
  private static String at(String name) {
    return file(name).toString();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(USAGE, "nonsense", "nonsense"),
        arguments(USAGE, "generate @good.gguf --frobnicate", "--frobnicate"),
        arguments(USAGE, "compile @good.gguf", "--out"),
        arguments(USAGE, "compile @good.gguf --out @p --context many", "--context"),
        arguments(USAGE, "compile @good.gguf --out @p --target abacus", "--target"),
        arguments(USAGE, "generate @good.gguf -p a --device abacus", "--device"),
        arguments(USAGE, "generate @good.plan -p a", "--model"),
        arguments(USAGE, "generate @good.gguf -p a --model @good.gguf", "--model"),
        arguments(USAGE, "generate @good.gguf -p a --plan @good.plan --context 9", "--context"),
        arguments(USAGE, "generate @good.gguf -p a -f @text", "--prompt-file"),
        arguments(USAGE, "logits @good.gguf --out @l", "--tokens"),
        arguments(USAGE, "synth tinyllama-1.1b:q4_0", "--out"),
        arguments(USAGE, "generate @good.gguf -p a -t nan", "--temperature"),
        arguments(USAGE, "generate @good.gguf -p a -t NaN", "'NaN' is not a number"),
        arguments(USAGE, "generate @good.gguf -p a --top-p Infinity", "--top-p"),
        arguments(USAGE, "bench @good.gguf --depth deep", "--depth"),
        arguments(USAGE, "bench", "Missing required parameter"),
        arguments(USAGE, "bench kernels --filter (", "no regular expression"),
        arguments(USAGE, "bench kernels --filter nowhere", "matches no case"),
        arguments(USAGE, "bench kernels --seconds 0", "--seconds is 0"),
        arguments(BAD_INPUT, "compile @good.gguf --out @p --repeat -1", "--repeat is -1"),
        arguments(BAD_INPUT, "inspect @good.gguf --width 0", "--width is 0"),
        arguments(BAD_INPUT, "tune @good.gguf --depth 0", "--depth is 0"),
        arguments(BAD_INPUT, "tune @good.gguf --seconds 0", "--seconds is 0"),
        arguments(USAGE, "tune @good.gguf --seconds NaN", "is not a number"),
        arguments(USAGE, "inspect @good.plan --target metal", "--target is for models and shapes"),
        arguments(USAGE, "diff @good.plan @small.plan --target cpu", "--target is for models"),
        arguments(USAGE, "replay @good.gguf -p a --all", "--all goes with --check"),
        arguments(USAGE, "replay @good.gguf -p a --tolerance 0.1", "--tolerance goes with --check"),
        arguments(USAGE, "replay @good.gguf -p a --check --tolerance NaN", "is not a number"),
        arguments(BAD_INPUT, "replay @good.gguf -p a --check --tolerance -1", "--tolerance is -1"),
        arguments(BAD_INPUT, "replay @good.gguf -p a --check --tolerance 1e9", "--tolerance is"),
        arguments(BAD_INPUT, "compile @text --out @p", "text"),
        arguments(BAD_INPUT, "compile @empty --out @p", "empty"),
        arguments(BAD_INPUT, "compile @header.gguf --out @p", "header.gguf"),
        arguments(BAD_INPUT, "compile @cut.gguf --out @p", "cut.gguf"),
        arguments(BAD_INPUT, "compile gpt-5:q4_0 --out @p", "known are"),
        arguments(BAD_INPUT, "compile tinyllama-1.1b:q9_9 --out @p", "q9_9"),
        arguments(BAD_INPUT, "compile tinyllama-1.1b --out @p", "needs a type"),
        arguments(BAD_INPUT, "compile @good.gguf --out @p --context -1", "context"),
        arguments(BAD_INPUT, "compile @good.gguf --out @p --passes=-nothing", "nothing"),
        arguments(BAD_INPUT, "generate @cut.gguf -p a", "cut.gguf"),
        arguments(
            BAD_INPUT, "generate @magic -p a", "magic: is neither a GGUF, nor a plan, nor a shape"),
        arguments(BAD_INPUT, "generate @empty -p a", "empty: is empty"),
        arguments(BAD_INPUT, "bench @text", "text: is neither"),
        arguments(BAD_INPUT, "generate @good.gguf", "standard input: the prompt is empty"),
        arguments(BAD_INPUT, "generate @good.gguf -f @empty", "empty: the prompt is empty"),
        arguments(BAD_INPUT, "generate @good.gguf -f @latin1", "byte 2 is not UTF-8"),
        arguments(BAD_INPUT, "generate @good.gguf -p a -n 0", "the most tokens"),
        arguments(BAD_INPUT, "generate @good.gguf -p a -t -1", "temperature"),
        arguments(BAD_INPUT, "generate @good.gguf -p a --threads 0", "threads"),
        arguments(BAD_INPUT, "generate @good.gguf -p abcdefgh --context 2", "context holds 2"),
        arguments(BAD_INPUT, "generate @good.plan --model @other.gguf -p a", "another model"),
        arguments(BAD_INPUT, "generate @damaged.plan --model @good.gguf -p a", "damaged.plan"),
        arguments(BAD_INPUT, "verify-plan @damaged.plan", "damaged.plan"),
        arguments(BAD_INPUT, "verify-plan @text", "text"),
        arguments(BAD_INPUT, "verify-plan @empty", "empty"),
        arguments(BAD_INPUT, "verify-plan @good.plan --model @other.gguf", "another model"),
        arguments(
            BAD_INPUT,
            "logits @good.gguf --tokens 1,x --out @l",
            "--tokens: 'x' is not a token id"),
        arguments(BAD_INPUT, "logits @good.gguf --tokens , --out @l", "'' is not a token id"),
        arguments(BAD_INPUT, "logits @good.gguf --tokens 1,,2 --out @l", "'' is not a token id"),
        arguments(BAD_INPUT, "logits @good.gguf --tokens 1 --out @good.gguf", "is a model"),
        arguments(BAD_INPUT, "compile @good.gguf --out @good.gguf", "is a model"),
        arguments(BAD_INPUT, "logits @good.gguf --tokens 1,99999 --out @l", "token 99999"),
        arguments(BAD_INPUT, "tokenize @text --file @text", "text"),
        arguments(BAD_INPUT, "tokenize @good.gguf --file @latin1", "latin1: byte 2"),
        arguments(BAD_INPUT, "tokenize @good.gguf --text 99999 --decode", "99999"),
        arguments(BAD_INPUT, "tokenize @good.gguf --text a --decode", "--text: 'a' is not"),
        arguments(BAD_INPUT, "tokenize @good.gguf --file @text --decode", "text: 'this' is not"),
        arguments(BAD_INPUT, "bench @good.gguf --repeat 0", "repeat"),
        arguments(BAD_INPUT, "bench @good.gguf --depth 9999999", "--depth 9999999 and"),
        arguments(BAD_INPUT, "bench @good.gguf --prompt 9999999", "--prompt 9999999"),
        arguments(BAD_INPUT, "bench @good.gguf --context 99", "need a context of 129 tokens"),
        arguments(BAD_INPUT, "bench @good.gguf --plan @small.plan", "it holds 16"),
        arguments(BAD_INPUT, "synth tinyllama-1.1b:q4_0 --out @good.gguf", "--force"),
        arguments(USAGE, "replay @good.gguf", "--tokens"),
        arguments(USAGE, "replay @good.gguf --tokens 1 -p a", "--prompt"),
        arguments(
            USAGE, "replay @good.gguf --tokens 1 --plan @good.plan --passes=-fuse", "--passes"),
        arguments(BAD_INPUT, "replay @good.gguf --tokens a", "--tokens: 'a' is not"),
        arguments(BAD_INPUT, "replay @good.gguf --tokens 99999", "token 99999"),
        arguments(BAD_INPUT, "replay @good.gguf --tokens 1 --check --tolerance 0", "--tolerance"),
        arguments(BAD_INPUT, "replay @good.gguf --tokens 1 --plan @text", "text"),
        arguments(BAD_INPUT, "replay @other.gguf --tokens 1 --plan @good.plan", "another model"),
        arguments(BAD_INPUT, "inspect @text", "text: is neither a GGUF, nor a plan, nor a shape"),
        arguments(BAD_INPUT, "inspect @empty", "empty: is empty"),
        arguments(BAD_INPUT, "inspect @cut.gguf", "cut.gguf"),
        arguments(RUNTIME, "generate @good.gguf -p a --device cuda", "'cuda' is not available"),
        arguments(RUNTIME, "logits @good.gguf --tokens 1 --device cuda --out @l", "'cuda'"),
        arguments(IO, "tokenize @good.gguf --file @none", "none: no such file"),
        arguments(IO, "tokenize @good.gguf --file @", "is a folder"),
        arguments(IO, "compile @good.gguf --out @no/such/folder", "folder"),
        arguments(IO, "logits @good.gguf --tokens 1 --out @no/such/folder", "there is no folder"),
        arguments(IO, "synth tinyllama-1.1b:q4_0 --out @no/such/folder", "folder"));
  }

  /** Every command that opens a model or a plan, but for its name. */
  static Stream<String> opening() {
    return Stream.of(
        "compile % --out @p",
        "generate % -p a",
        "inspect %",
        "verify-plan %",
        "verify-plan @good.plan --model %",
        "bench %",
        "replay % --tokens 1",
        "replay @good.gguf --plan % --tokens 1 --check",
        "tokenize % --text a",
        "logits % --tokens 1 --out @l",
        "logits % --tokens 1 --device interpreter --out @l",
        "generate % --model @good.gguf -p a",
        "generate @good.gguf --plan % -p a",
        "generate @good.plan --model % -p a");
  }

  @ParameterizedTest
  @MethodSource("opening")
  void aMissingFileAndAFolderAreIoAndTextIsBadInput(String command) {
    oneLineAndTheRightCode(IO, command.replace("%", "@none"), "none: no such file");
    oneLineAndTheRightCode(IO, command.replace("%", "@folder"), "folder: not a file");
    oneLineAndTheRightCode(BAD_INPUT, command.replace("%", "@text"), "text: ");
    oneLineAndTheRightCode(BAD_INPUT, command.replace("%", "@magic"), "magic: ");
    oneLineAndTheRightCode(BAD_INPUT, command.replace("%", "@empty"), "empty: ");
  }

  @Test
  void optionsThatExcludeEachOtherAreNamedWithoutStuttering() {
    Cli run = Cli.run("generate", at("good.gguf"), "-p", "a", "-f", at("text"));
    assertThat(run.err()).startsWith("diecast: error: --prompt=TEXT, --prompt-file=F");
  }

  @Test
  void anEndlessInputIsRefusedAfterSoMuch() {
    assumeThat(Path.of("/dev/zero")).exists();
    oneLineAndTheRightCode(
        BAD_INPUT, "tokenize @good.gguf --file /dev/zero", "/dev/zero: is longer than the 64 MiB");
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("mistakes")
  void oneLineAndTheRightCode(int code, String command, String said) {
    String[] args =
        Arrays.stream(command.split(" "))
            .map(arg -> arg.startsWith("@") ? at(arg.substring(1)) : arg)
            .toArray(String[]::new);
    Cli run = Cli.run(args);
    assertThat(run.err()).startsWith("diecast: error: ").contains(said).endsWith("\n");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.code()).isEqualTo(code);
  }

  @Test
  void aPersonWithoutAPromptIsToldHowToGiveOne() {
    Cli run = Cli.runAtTerminal("generate", at("good.gguf"));
    assertThat(run.code()).isEqualTo(USAGE);
    assertThat(run.err()).contains("--prompt-file").endsWith("\n");
  }

  @Test
  void namesFromFilesCannotSteerTheTerminal() throws IOException {
    Path evil = dir.resolve("a\u001b[31mb");
    Files.write(evil, "x".getBytes(UTF_8));
    Cli run = Cli.run("compile", evil.toString(), "--out", at("p"));
    assertThat(run.code()).isEqualTo(BAD_INPUT);
    assertThat(run.err()).doesNotContain("\u001b").contains("\\u001b[31m");
  }
}
