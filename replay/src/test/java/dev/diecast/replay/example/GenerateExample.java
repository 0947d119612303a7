package dev.diecast.replay.example;

import dev.diecast.plans.PlanFiles;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import java.nio.file.Path;

/** All that an application needs: arguments are a plan, its model and a prompt. */
final class GenerateExample {
  private GenerateExample() {}

  public static void main(String[] args) {
    try (GgufFile model = GgufFile.open(Path.of(args[1]));
        Session session =
            Session.open(PlanFiles.read(Path.of(args[0])), model, SessionOptions.defaults())) {
      session.generate(args[2], GenerateOptions.defaults(), System.out::print);
    }
  }
}
