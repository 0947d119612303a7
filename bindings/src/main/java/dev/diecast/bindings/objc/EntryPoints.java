package dev.diecast.bindings.objc;

import dev.diecast.bindings.metal.abi.MTLCopyAllDevices_t;
import dev.diecast.bindings.metal.abi.MTLCreateSystemDefaultDevice_t;
import dev.diecast.bindings.metal.abi.class_getName_t;
import dev.diecast.bindings.metal.abi.class_respondsToSelector_t;
import dev.diecast.bindings.metal.abi.dispatch_data_create_t;
import dev.diecast.bindings.metal.abi.objc_autoreleasePoolPop_t;
import dev.diecast.bindings.metal.abi.objc_autoreleasePoolPush_t;
import dev.diecast.bindings.metal.abi.objc_getClass_t;
import dev.diecast.bindings.metal.abi.objc_release_t;
import dev.diecast.bindings.metal.abi.objc_retain_t;
import dev.diecast.bindings.metal.abi.object_getClass_t;
import dev.diecast.bindings.metal.abi.sel_registerName_t;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Downcall handles of the C functions. Loads the libraries when it is first touched. */
final class EntryPoints {
  static final MethodHandle GET_CLASS = bind("objc_getClass", objc_getClass_t.descriptor());
  static final MethodHandle REGISTER_NAME =
      bind("sel_registerName", sel_registerName_t.descriptor());
  static final MethodHandle CLASS_OF = bind("object_getClass", object_getClass_t.descriptor());
  static final MethodHandle CLASS_NAME = bind("class_getName", class_getName_t.descriptor());
  static final MethodHandle RESPONDS =
      bind("class_respondsToSelector", class_respondsToSelector_t.descriptor());
  static final MethodHandle POOL_PUSH =
      bind("objc_autoreleasePoolPush", objc_autoreleasePoolPush_t.descriptor());
  static final MethodHandle POOL_POP =
      bind("objc_autoreleasePoolPop", objc_autoreleasePoolPop_t.descriptor());
  static final MethodHandle RETAIN = bind("objc_retain", objc_retain_t.descriptor());
  static final MethodHandle RELEASE = bind("objc_release", objc_release_t.descriptor());
  static final MethodHandle DEFAULT_DEVICE =
      bind("MTLCreateSystemDefaultDevice", MTLCreateSystemDefaultDevice_t.descriptor());
  static final MethodHandle ALL_DEVICES =
      bind("MTLCopyAllDevices", MTLCopyAllDevices_t.descriptor());
  static final MethodHandle DATA_CREATE =
      bind("dispatch_data_create", dispatch_data_create_t.descriptor());

  private EntryPoints() {}

  private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(ObjcRuntime.symbol(name), descriptor);
  }
}
