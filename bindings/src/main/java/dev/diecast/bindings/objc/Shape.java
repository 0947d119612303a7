package dev.diecast.bindings.objc;

import dev.diecast.bindings.metal.abi.send_flag;
import dev.diecast.bindings.metal.abi.send_flag_1;
import dev.diecast.bindings.metal.abi.send_flag_2;
import dev.diecast.bindings.metal.abi.send_real;
import dev.diecast.bindings.metal.abi.send_size;
import dev.diecast.bindings.metal.abi.send_size_and_align_2;
import dev.diecast.bindings.metal.abi.send_version;
import dev.diecast.bindings.metal.abi.send_void;
import dev.diecast.bindings.metal.abi.send_void_1;
import dev.diecast.bindings.metal.abi.send_void_2;
import dev.diecast.bindings.metal.abi.send_void_3;
import dev.diecast.bindings.metal.abi.send_void_4;
import dev.diecast.bindings.metal.abi.send_void_flag;
import dev.diecast.bindings.metal.abi.send_void_sizes;
import dev.diecast.bindings.metal.abi.send_word;
import dev.diecast.bindings.metal.abi.send_word_1;
import dev.diecast.bindings.metal.abi.send_word_2;
import dev.diecast.bindings.metal.abi.send_word_3;
import dev.diecast.bindings.metal.abi.send_word_4;
import java.lang.foreign.FunctionDescriptor;
import java.util.List;

/**
 * How a message travels: what it returns and what follows the receiver and the selector, by
 * register and not by meaning. All messages of one shape share one downcall handle.
 */
public enum Shape {
  VOID("", "", send_void.descriptor()),
  VOID_1("", "w", send_void_1.descriptor()),
  VOID_2("", "ww", send_void_2.descriptor()),
  VOID_3("", "www", send_void_3.descriptor()),
  VOID_4("", "wwww", send_void_4.descriptor()),
  VOID_FLAG("", "b", send_void_flag.descriptor()),
  VOID_SIZES("", "ss", send_void_sizes.descriptor()),
  WORD("w", "", send_word.descriptor()),
  WORD_1("w", "w", send_word_1.descriptor()),
  WORD_2("w", "ww", send_word_2.descriptor()),
  WORD_3("w", "www", send_word_3.descriptor()),
  WORD_4("w", "wwww", send_word_4.descriptor()),
  FLAG("b", "", send_flag.descriptor()),
  FLAG_1("b", "w", send_flag_1.descriptor()),
  FLAG_2("b", "ww", send_flag_2.descriptor()),
  REAL("d", "", send_real.descriptor()),
  SIZE("s", "", send_size.descriptor()),
  VERSION("v", "", send_version.descriptor()),
  SIZE_AND_ALIGN_2("a", "ww", send_size_and_align_2.descriptor());

  private final String returns;
  private final String arguments;

  @SuppressWarnings(
      "ImmutableEnumChecker") // A function descriptor never changes, its type only does not say so.
  private final FunctionDescriptor descriptor;

  Shape(String returns, String arguments, FunctionDescriptor descriptor) {
    this.returns = returns;
    this.arguments = arguments;
    this.descriptor = descriptor;
  }

  FunctionDescriptor descriptor() {
    return descriptor;
  }

  /**
   * Whether x86-64 sends it through {@code objc_msgSend_stret}: what it returns is a struct of more
   * than 16 bytes.
   */
  boolean returnsThroughMemory() {
    return descriptor.returnLayout().map(layout -> layout.byteSize() > 16).orElse(false);
  }

  static Shape of(ValueType returns, List<ValueType> arguments) {
    StringBuilder places = new StringBuilder();
    arguments.forEach(type -> places.append(type.places()));
    for (Shape shape : values()) {
      if (shape.returns.equals(returns.places()) && shape.arguments.contentEquals(places)) {
        return shape;
      }
    }
    throw new IllegalArgumentException(
        "metal_abi.h has no shape that takes " + arguments + " and returns " + returns);
  }
}
