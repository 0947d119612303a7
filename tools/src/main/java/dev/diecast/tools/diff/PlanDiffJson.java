package dev.diecast.tools.diff;

import dev.diecast.tools.inspect.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A difference for programs. */
public final class PlanDiffJson {
  private PlanDiffJson() {}

  /** Writes one document. */
  public static void write(PlanDiff diff, OutputStream out) throws IOException {
    ObjectNode root = Json.object();
    root.put("kind", "plan-diff").put("differs", diff.differs());
    ObjectNode header = root.putObject("header");
    diff.header()
        .forEach(fact ->
            header.putObject(fact.name()).put("before", fact.before()).put("after", fact.after()));
    names(root.putArray("only_before"), diff.onlyBefore());
    names(root.putArray("only_after"), diff.onlyAfter());
    ArrayNode programs = root.putArray("programs");
    diff.programs().forEach(program -> program(programs.addObject(), program));
    Json.write(root, out);
  }

  private static void program(ObjectNode node, ProgramDiff program) {
    node.put("name", program.name()).put("differs", program.differs());
    changes(node.putObject("totals"), program.totals());
    changes(node.putObject("kernels"), program.kernels());
    ArrayNode layers = node.putArray("layers");
    for (LayerDiff layer : program.layers()) {
      ObjectNode each = layers.addObject();
      layer.layers().forEach(each.putArray("layers")::add);
      each.put("dispatches_before", layer.before()).put("dispatches_after", layer.after());
      ArrayNode lines = each.putArray("changes");
      layer
          .lines()
          .forEach(line ->
              lines
                  .addObject()
                  .put("sign", line.sign())
                  .put("dispatch", line.dispatch())
                  .put("detail", line.detail()));
    }
  }

  private static void changes(ObjectNode node, List<Change> changes) {
    changes.forEach(change ->
        node.putObject(change.name())
            .put("before", change.before())
            .put("after", change.after())
            .put("delta", change.delta()));
  }

  private static void names(ArrayNode node, List<String> names) {
    names.forEach(node::add);
  }
}
