package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.replay.cpu.Bindings;

/**
 * Vectors of float32 by token and head.
 *
 * @param base address of the first
 * @param token bytes from a token to the next
 * @param head bytes from a head to the next
 */
record HeadRows(long base, long token, long head) {
  /** The vectors in slot S, with arguments {@code S_stride} and {@code S_head_stride}. */
  static HeadRows bind(Bindings bindings, String slot, Step step, int heads, int width) {
    ArgReader args = bindings.args();
    int token = args.i32(slot + "_stride");
    int head = args.i32(slot + "_head_stride");
    bindings.require(slot, Span.of(width).by(heads, head).by(step.tokens(), token).floats());
    return new HeadRows(bindings.address(slot), 4L * token, 4L * head);
  }

  long at(long t, long h) {
    return base + t * token + h * head;
  }
}
