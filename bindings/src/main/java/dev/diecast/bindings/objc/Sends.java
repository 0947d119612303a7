package dev.diecast.bindings.objc;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code objc_msgSend} typed by shape. The {@code QUICK} handles stay in the Java state of the
 * thread, which saves the transition to native and back and holds up a collection until the call
 * returns; {@link Message} uses them only for what the selector table calls quick.
 */
final class Sends {
  static final MethodHandle VOID = bind(Shape.VOID);
  static final MethodHandle VOID_1 = bind(Shape.VOID_1);
  static final MethodHandle VOID_2 = bind(Shape.VOID_2);
  static final MethodHandle VOID_3 = bind(Shape.VOID_3);
  static final MethodHandle VOID_4 = bind(Shape.VOID_4);
  static final MethodHandle VOID_FLAG = bind(Shape.VOID_FLAG);
  static final MethodHandle WORD = bind(Shape.WORD);
  static final MethodHandle WORD_1 = bind(Shape.WORD_1);
  static final MethodHandle WORD_2 = bind(Shape.WORD_2);
  static final MethodHandle WORD_3 = bind(Shape.WORD_3);
  static final MethodHandle WORD_4 = bind(Shape.WORD_4);
  static final MethodHandle FLAG = bind(Shape.FLAG);
  static final MethodHandle FLAG_1 = bind(Shape.FLAG_1);
  static final MethodHandle FLAG_2 = bind(Shape.FLAG_2);
  static final MethodHandle REAL = bind(Shape.REAL);
  static final MethodHandle SIZE = bind(Shape.SIZE);
  static final MethodHandle VERSION = bind(Shape.VERSION);
  static final MethodHandle SIZE_AND_ALIGN_2 = bind(Shape.SIZE_AND_ALIGN_2);

  static final MethodHandle QUICK_VOID = bind(Shape.VOID, Linker.Option.critical(false));
  static final MethodHandle QUICK_VOID_1 = bind(Shape.VOID_1, Linker.Option.critical(false));
  static final MethodHandle QUICK_VOID_2 = bind(Shape.VOID_2, Linker.Option.critical(false));
  static final MethodHandle QUICK_VOID_3 = bind(Shape.VOID_3, Linker.Option.critical(false));
  static final MethodHandle QUICK_VOID_4 = bind(Shape.VOID_4, Linker.Option.critical(false));
  static final MethodHandle QUICK_VOID_SIZES =
      bind(Shape.VOID_SIZES, Linker.Option.critical(false));

  private Sends() {}

  private static MethodHandle bind(Shape shape, Linker.Option... options) {
    boolean throughMemory = ObjcRuntime.X86_64 && shape.returnsThroughMemory();
    MemorySegment send = ObjcRuntime.symbol(throughMemory ? "objc_msgSend_stret" : "objc_msgSend");
    return Linker.nativeLinker().downcallHandle(send, shape.descriptor(), options);
  }
}
