package dev.diecast.tools.inspect.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.capture.cost.CostModel;
import dev.diecast.plans.Plan;
import dev.diecast.tools.inspect.Display;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * A plan as one HTML page: its data as JSON, and the style and script that show it. The page loads
 * nothing, and its content security policy admits nothing but these two, by their hashes. Text of
 * the plan reaches the document only as text nodes.
 */
public final class PlanPage {
  /** In the order in which they build on each other. */
  private static final List<String> SCRIPTS =
      List.of(
          "data.js",
          "dom.js",
          "state.js",
          "header.js",
          "flow-layout.js",
          "flow.js",
          "arena.js",
          "costs.js",
          "dispatches.js",
          "main.js");

  private PlanPage() {}

  /** The page, with the times that a cost model of the same plan predicts. */
  public static String of(Plan plan, CostModel model) {
    String data = new PageData(plan, model).json().toString();
    StringBuilder script = new StringBuilder("\"use strict\";\n");
    SCRIPTS.forEach(name -> script.append(resource(name)));
    String style = resource("page.css");
    String title = plan.model().name() + " on " + plan.device();
    return new Template(resource("page.html"))
        .with("TITLE", escaped(Display.name(title)))
        .with("STYLE_HASH", hash(style))
        .with("SCRIPT_HASH", hash(script.toString()))
        .with("STYLE", style)
        .with("SCRIPT", script.toString())
        .with("DATA", inert(data))
        .fill();
  }

  /** JSON that ends no script element and starts no comment: such characters as escapes. */
  static String inert(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String hash(String content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(PlanPage.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read resource " + name, e);
    }
  }
}
