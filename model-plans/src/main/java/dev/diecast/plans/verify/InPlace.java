package dev.diecast.plans.verify;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelContract;
import java.util.List;

/**
 * Which slots of one dispatch may share bytes although it writes them: what the contracts call "y
 * may be x". Such a kernel reads each element before it writes that very element, and no other
 * worker touches it.
 */
final class InPlace {
  /** A read slot that may be exactly the written slot. */
  record Pair(String kernel, String read, String written) {}

  static final List<Pair> PAIRS =
      List.of(
          new Pair("rms_norm", "x", "y"),
          new Pair("rope", "x", "y"),
          new Pair("add", "a", "y"),
          new Pair("add", "b", "y"),
          new Pair("add_bias", "x", "y"),
          new Pair("expert_combine", "residual", "y"),
          new Pair("linears", "residual_0", "y_0"),
          new Pair("linears", "residual_1", "y_1"),
          new Pair("linears", "residual_2", "y_2"),
          new Pair("linears", "residual_3", "y_3"),
          new Pair("expert_down", "residual", "y"),
          new Pair("heads_prepare", "q", "y"));

  private static final List<String> STRIDES = List.of("_stride", "_head_stride", "_slot_stride");

  private InPlace() {}

  /** Whether the contract lets the two slots be the same range. */
  static boolean allowed(KernelContract contract, String read, String written) {
    return PAIRS.contains(new Pair(contract.name(), read, written));
  }

  /**
   * Whether the slots may share some bytes in any way: {@code sample} reads the token that a decode
   * step consumes from the step state, in a field that it does not write.
   */
  static boolean disjointByMeaning(KernelContract contract, String read, String written) {
    return contract.name().equals("sample") && read.equals("tokens") && written.equals("step");
  }

  /** Whether both slots walk the shared range alike; otherwise rows would meet other rows. */
  static boolean sameStrides(KernelContract contract, ArgReader args, String read, String written) {
    for (String stride : STRIDES) {
      if (has(contract, read + stride)
          && has(contract, written + stride)
          && args.i32(read + stride) != args.i32(written + stride)) {
        return false;
      }
    }
    return true;
  }

  private static boolean has(KernelContract contract, String field) {
    return contract.args().fields().stream().anyMatch(known -> known.name().equals(field));
  }
}
