package dev.diecast.tests.golden;

import dev.diecast.kernels.ArgField;
import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.TypeConstant;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.plans.gguf.TensorType;
import java.util.stream.Collectors;

/**
 * A dispatch on one line: a bar when a barrier precedes it, what it computes, the kernel with its
 * constants, the arguments that make its shape. The layer's number is left out, so that layers with
 * the same work read the same; so are offsets and strides, which follow from the shape.
 */
record DispatchText(Plan plan, Program program) {
  String of(Dispatch dispatch) {
    KernelUse kernel = plan.kernels().get(dispatch.kernel());
    String label = dispatch.label().replace("blk." + dispatch.layer() + ".", "*.");
    return "%s %-28s %s%s%s"
        .formatted(
            dispatch.barrierBefore() ? "|" : " ",
            label,
            kernel(kernel),
            shape(kernel, dispatch),
            grid(dispatch))
        .stripTrailing();
  }

  static String kernel(KernelUse kernel) {
    String constants =
        kernel.constants().stream()
            .filter(constant -> constant.value() >= 0)
            .map(DispatchText::constant)
            .collect(Collectors.joining(" "));
    return constants.isEmpty() ? kernel.name() : kernel.name() + "[" + constants + "]";
  }

  private static String constant(KernelUse.Constant constant) {
    String value = Long.toString(constant.value());
    if (TypeConstant.is(constant.name())) {
      value =
          TensorType.ofId((int) constant.value()).map(TensorType::suffix).orElse("type " + value);
    }
    return constant.name() + "=" + value;
  }

  private String shape(KernelUse kernel, Dispatch dispatch) {
    KernelContract contract = KernelCatalog.get(kernel.name());
    ArgReader args = contract.args().reader(dispatch.args());
    StringBuilder text = new StringBuilder();
    for (ArgField field : contract.args().fields()) {
      String value = value(args, field);
      boolean usual =
          field.name().equals("n_tokens") && value.equals(Integer.toString(program.tokens()));
      boolean layout = field.name().endsWith("_stride") || field.name().endsWith("_bytes");
      if (!usual && !layout && !value.equals("0") && !value.equals("0.0")) {
        text.append(' ').append(field.name()).append('=').append(value);
      }
    }
    return text.toString();
  }

  private static String value(ArgReader args, ArgField field) {
    return switch (field.type()) {
      case I32 -> Integer.toString(args.i32(field.name()));
      case I64 -> Long.toString(args.i64(field.name()));
      case F32 -> Float.toString(args.f32(field.name()));
    };
  }

  private static String grid(Dispatch dispatch) {
    boolean one =
        dispatch.grid().equals(Dispatch.Extent.ONE)
            && dispatch.threadgroup().equals(Dispatch.Extent.ONE);
    return one ? "" : " grid " + text(dispatch.grid()) + " of " + text(dispatch.threadgroup());
  }

  private static String text(Dispatch.Extent extent) {
    return extent.x() + "x" + extent.y() + "x" + extent.z();
  }
}
