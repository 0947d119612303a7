package dev.diecast.bindings.objc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class NativeLibrariesTest {
  @AfterEach
  void noLibrary() {
    System.clearProperty(NativeLibraries.PROPERTY);
  }

  @Test
  @DisabledOnOs(OS.MAC)
  void otherSystemsHaveNoMetal() {
    assertThatThrownBy(NativeLibraries::open)
        .isInstanceOf(MetalException.class)
        .hasMessage("no Metal here: it needs macOS, this is " + System.getProperty("os.name"));
  }

  @Test
  void aLibraryThatIsNotThereIsNamed() {
    System.setProperty(NativeLibraries.PROPERTY, "/nowhere/libmetal.so");
    assertThatThrownBy(NativeLibraries::open)
        .isInstanceOf(MetalException.class)
        .hasMessage("no Metal here: could not load /nowhere/libmetal.so");
  }

  @Test
  void whatALibraryLacksIsNamed() {
    assertThatThrownBy(() -> ObjcRuntime.requireAll(_ -> Optional.empty()))
        .isInstanceOf(MetalException.class)
        .hasMessageStartingWith("no Metal here: its libraries lack objc_msgSend, objc_getClass")
        .hasMessageContaining("MTLCopyAllDevices");
  }
}
