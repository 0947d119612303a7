package dev.diecast.tools.inspect;

import dev.diecast.capture.cost.CostProfile;
import dev.diecast.capture.cost.CostProfile.Figure;
import dev.diecast.capture.cost.CostProfiles;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The cost profiles with the source of every figure. */
public final class ProfileList {
  private ProfileList() {}

  /** For people. */
  public static void text(Appendable out) throws IOException {
    for (CostProfile profile : CostProfiles.all()) {
      out.append(profile.name()).append(": ").append(profile.description()).append('\n');
      for (Map.Entry<String, Figure> entry : figures(profile).entrySet()) {
        out.append(
            String.format(
                Locale.ROOT,
                "  %-24s %8.5g  %-9s  %s%n",
                entry.getKey(),
                scaled(entry.getKey(), entry.getValue()),
                basis(entry.getValue()),
                entry.getValue().source()));
      }
    }
  }

  /** For programs: base units (bytes/s, operations/s, seconds). */
  public static void json(OutputStream out) throws IOException {
    ObjectNode root = Json.object();
    ArrayNode profiles = root.put("kind", "profiles").putArray("profiles");
    for (CostProfile profile : CostProfiles.all()) {
      ObjectNode node = profiles.addObject();
      node.put("name", profile.name()).put("description", profile.description());
      figures(profile)
          .forEach((key, figure) ->
              node.putObject(key)
                  .put("value", figure.value())
                  .put("basis", basis(figure))
                  .put("source", figure.source()));
    }
    Json.write(root, out);
  }

  private static Map<String, Figure> figures(CostProfile profile) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put("memory_gb_s", profile.memoryBandwidth());
    figures.put("float32_tflops", profile.float32());
    figures.put("float16_tflops", profile.float16());
    figures.put("dependent_dispatch_us", profile.dependentDispatch());
    figures.put("concurrent_dispatch_us", profile.concurrentDispatch());
    return figures;
  }

  private static double scaled(String key, Figure figure) {
    double unit = key.endsWith("_us") ? 1e-6 : key.endsWith("_gb_s") ? 1e9 : 1e12;
    return figure.value() / unit;
  }

  private static String basis(Figure figure) {
    return figure.basis().name().toLowerCase(Locale.ROOT);
  }
}
