package dev.diecast.tools.inspect;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees to bytes. */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Writes an indented document and a line end; leaves the stream open. */
  public static void write(ObjectNode root, OutputStream out) throws IOException {
    String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
    out.flush();
  }
}
