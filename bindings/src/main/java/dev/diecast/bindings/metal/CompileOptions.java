package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;

/**
 * {@code MTLCompileOptions}: how source is compiled. Before macOS 15 there was only fast or not:
 * there, {@code math} and {@code functions} both have to be fast for it.
 *
 * @param language version of the language that the source keeps to
 * @param math what may be assumed about numbers
 * @param functions which variants of mathematical functions are meant
 */
public record CompileOptions(LanguageVersion language, MathMode math, MathFunctions functions) {
  private static final Conformance CONFORMANCE = Conformance.to("MTLCompileOptions");
  private static final Message SET_FAST_MATH =
      Message.of("MTLCompileOptions", "-setFastMathEnabled:");
  private static final Message SET_MATH = Message.of("MTLCompileOptions", "-setMathMode:");
  private static final Message SET_FUNCTIONS =
      Message.of("MTLCompileOptions", "-setMathFloatingPointFunctions:");
  private static final Message SET_LANGUAGE =
      Message.of("MTLCompileOptions", "-setLanguageVersion:");

  /** The options as an object that the caller releases. */
  Owned build() {
    Owned options = ObjcClass.newObject(CONFORMANCE);
    SET_LANGUAGE.send(options.id(), language.value());
    if (SET_MATH.understoodBy(options.id()) && SET_FUNCTIONS.understoodBy(options.id())) {
      SET_MATH.send(options.id(), math.value());
      SET_FUNCTIONS.send(options.id(), functions.value());
    } else {
      SET_FAST_MATH.sendFlag(
          options.id(), math == MathMode.FAST && functions == MathFunctions.FAST);
    }
    return options;
  }
}
