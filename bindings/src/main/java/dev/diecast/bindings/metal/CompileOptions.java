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
  /** The options as an object that the caller releases. */
  Owned build() {
    Owned options = ObjcClass.newObject(Native.CONFORMANCE);
    Native.SET_LANGUAGE.send(options.id(), language.value());
    if (Native.SET_MATH.understoodBy(options.id())
        && Native.SET_FUNCTIONS.understoodBy(options.id())) {
      Native.SET_MATH.send(options.id(), math.value());
      Native.SET_FUNCTIONS.send(options.id(), functions.value());
    } else {
      Native.SET_FAST_MATH.sendFlag(
          options.id(), math == MathMode.FAST && functions == MathFunctions.FAST);
    }
    return options;
  }

  /** Apart, so that settings can be stated before Metal is loaded. */
  private static final class Native {
    static final Conformance CONFORMANCE = Conformance.to("MTLCompileOptions");
    static final Message SET_FAST_MATH = Message.of("MTLCompileOptions", "-setFastMathEnabled:");
    static final Message SET_MATH = Message.of("MTLCompileOptions", "-setMathMode:");
    static final Message SET_FUNCTIONS =
        Message.of("MTLCompileOptions", "-setMathFloatingPointFunctions:");
    static final Message SET_LANGUAGE = Message.of("MTLCompileOptions", "-setLanguageVersion:");

    private Native() {}
  }
}
