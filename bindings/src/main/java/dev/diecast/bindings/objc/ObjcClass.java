package dev.diecast.bindings.objc;

import java.util.stream.Collectors;

/** Classes by name. */
public final class ObjcClass {
  private static final Message NEW = Message.of("NSObject", "+new");

  private ObjcClass() {}

  /**
   * A class, which understands all class messages that the selector table lists for it.
   *
   * @throws MetalException if the system has no such class, or it lacks one of those messages
   */
  public static long named(String name) {
    long cls = ObjcRuntime.classNamed(name);
    if (cls == 0) {
      throw new MetalException("this system has no class " + name);
    }
    String missing =
        SelectorTable.rowsOf(name).stream()
            .filter(row ->
                row.ofClass() && !ObjcRuntime.responds(cls, ObjcRuntime.selector(row.name())))
            .map(SelectorRow::toString)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new MetalException("this system's class " + name + " lacks " + missing);
    }
    return cls;
  }

  /**
   * A new object of the class that the conformance is about.
   *
   * @throws MetalException if there is no such class or its objects lack something
   */
  public static Owned newObject(Conformance conformance) {
    return Owned.taking(NEW.notNil(NEW.word(named(conformance.protocol()))), conformance);
  }
}
