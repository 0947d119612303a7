package dev.diecast.tools.msl;

import dev.diecast.kernels.host.BufferTraffic;
import dev.diecast.kernels.host.CheckedCase;
import dev.diecast.kernels.host.HostFinding;
import dev.diecast.kernels.msl.DerivedConstant;
import dev.diecast.kernels.msl.FunctionConstant;
import dev.diecast.kernels.msl.GridSemantic;
import dev.diecast.kernels.msl.MslArgument;
import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.StructLayout;
import dev.diecast.kernels.msl.ThreadgroupVariable;
import dev.diecast.kernels.msl.rules.Finding;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** MSL files for programs. */
public final class MslJson {
  private MslJson() {}

  /** Adds what a file declares. */
  public static void module(MslModule module, ObjectNode out) {
    ArrayNode constants = out.putArray("function_constants");
    for (FunctionConstant constant : module.functionConstants()) {
      constants
          .addObject()
          .put("id", constant.id())
          .put("name", constant.name())
          .put("type", constant.type());
    }
    ArrayNode derived = out.putArray("derived_constants");
    for (DerivedConstant constant : module.derivedConstants()) {
      derived
          .addObject()
          .put("name", constant.name())
          .put("type", constant.type())
          .put("expression", constant.expression());
    }
    ArrayNode structs = out.putArray("structs");
    module.structs().forEach(s -> struct(s, structs.addObject()));
    ArrayNode kernels = out.putArray("kernels");
    module.kernels().forEach(k -> kernel(k, kernels.addObject()));
  }

  /** Adds what was found in a file, and what it declares as far as that can be read. */
  public static void checked(CheckedFile checked, ObjectNode out) {
    out.put("file", checked.file());
    ArrayNode findings = out.putArray("findings");
    for (Finding finding : checked.findings()) {
      findings
          .addObject()
          .put("file", finding.where().file())
          .put("line", finding.where().number())
          .put("column", finding.column())
          .put("rule", finding.rule().id())
          .put("message", finding.message());
    }
    if (!checked.cases().isEmpty()) {
      ArrayNode cases = out.putArray("cases");
      checked.cases().forEach(one -> ran(one, cases.addObject()));
    }
    checked.module().ifPresent(module -> module(module, out));
  }

  private static void ran(CheckedCase one, ObjectNode out) {
    out.put("kernel", one.kernel())
        .put("file", one.where().file())
        .put("line", one.where().number())
        .put("described", !one.isDefault())
        .put("complete", one.complete());
    ArrayNode findings = out.putArray("findings");
    for (HostFinding finding : one.findings()) {
      findings
          .addObject()
          .put("file", finding.where().file())
          .put("line", finding.where().number())
          .put("kind", finding.kind().name().toLowerCase(Locale.ROOT))
          .put("message", finding.message())
          .put("count", finding.count());
    }
    ArrayNode traffic = out.putArray("traffic");
    for (BufferTraffic buffer : one.traffic()) {
      traffic
          .addObject()
          .put("buffer", buffer.name())
          .put("read", buffer.read())
          .put("written", buffer.written())
          .put("distinct_read", buffer.distinctRead())
          .put("distinct_written", buffer.distinctWritten());
    }
  }

  private static void struct(StructLayout layout, ObjectNode out) {
    out.put("name", layout.name())
        .put("bytes", layout.bytes())
        .put("alignment", layout.alignment());
    ArrayNode fields = out.putArray("fields");
    for (StructLayout.Field field : layout.fields()) {
      fields
          .addObject()
          .put("name", field.name())
          .put("type", field.type())
          .put("offset", field.offset())
          .put("bytes", field.bytes());
    }
  }

  private static void kernel(MslKernel kernel, ObjectNode out) {
    out.put("name", kernel.name()).put("function", kernel.function());
    strings(kernel.templateArguments(), out.putArray("template_arguments"));
    out.put("file", kernel.where().file()).put("line", kernel.where().number());
    kernel.maxThreads().ifPresent(n -> out.put("max_threads", n));
    ArrayNode arguments = out.putArray("arguments");
    kernel.arguments().forEach(a -> argument(a, arguments.addObject()));
    ArrayNode variables = out.putArray("threadgroup_variables");
    for (ThreadgroupVariable variable : kernel.threadgroupVariables()) {
      ObjectNode node = variables.addObject();
      node.put("name", variable.name()).put("type", variable.type());
      variable.bytes().ifPresent(bytes -> node.put("bytes", bytes));
    }
  }

  private static void argument(MslArgument argument, ObjectNode out) {
    out.put("name", argument.name()).put("kind", argument.kind().name().toLowerCase(Locale.ROOT));
    GridSemantic semantic = argument.semantic();
    out.put("type", argument.elementType());
    if (semantic != null) {
      out.put("semantic", semantic.attribute());
      return;
    }
    out.put("index", argument.index())
        .put("address_space", argument.addressSpace().keyword())
        .put("access", argument.access().name().toLowerCase(Locale.ROOT));
    if (argument.enabledBy() != null) {
      out.put("enabled_by", argument.enabledBy());
    }
  }

  private static void strings(List<String> values, ArrayNode out) {
    values.forEach(out::add);
  }
}
