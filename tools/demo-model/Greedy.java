// What Diecast says to each of many prompts, greedily, in one session: compare_greedy.mjs starts it.
// Prompts come on standard input, a NUL after each; so do texts on standard output.

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;

void main(String[] args) throws IOException {
  GenerateOptions options = GenerateOptions.defaults().withMaxTokens(Integer.parseInt(args[1]));
  String prompts = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
  try (GgufFile model = GgufFile.open(Path.of(args[0]));
      Session session =
          Session.open(
              PlanCompiler.compile(model, CompileOptions.DEFAULTS),
              model,
              SessionOptions.defaults())) {
    for (String prompt : prompts.split("\0")) {
      String text = session.generate(prompt, options, _ -> {}).text();
      System.out.write((text + "\0").getBytes(StandardCharsets.UTF_8));
    }
    System.out.flush();
  } catch (PlanException e) {
    System.err.println(e.getMessage());
    System.exit(3);
  }
}
