package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.NsArray;
import dev.diecast.bindings.objc.NsString;
import dev.diecast.bindings.objc.ObjcRuntime;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;
import java.util.List;

/**
 * {@code MTLCounterSet}: counters that a GPU samples together.
 *
 * @param owned its ownership
 */
public record CounterSet(Owned owned) implements OwnedObject {
  /** The name of the set that holds the GPU's clock. */
  public static final String TIMESTAMP = "timestamp";

  private static final Conformance CONFORMANCE = Conformance.to("MTLCounterSet");
  private static final Message ALL = Message.of("MTLDevice", "-counterSets");
  private static final Message NAME = Message.of("MTLCounterSet", "-name");

  /** All sets of the GPU, each to be closed; none where it has none. */
  public static List<CounterSet> all(MetalDevice device) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return NsArray.objects(ALL.word(device.id()))
          .mapToObj(set -> new CounterSet(Owned.taking(ObjcRuntime.retain(set), CONFORMANCE)))
          .toList();
    }
  }

  /** Its name. */
  public String name() {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return NsString.text(NAME.notNil(NAME.word(id())));
    }
  }
}
