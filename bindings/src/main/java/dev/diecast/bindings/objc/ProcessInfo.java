package dev.diecast.bindings.objc;

import dev.diecast.bindings.metal.abi.NSOperatingSystemVersion;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What the system says about itself. */
public final class ProcessInfo {
  private static final Conformance CONFORMANCE = Conformance.to("NSProcessInfo");
  private static final Message PROCESS_INFO = Message.of("NSProcessInfo", "+processInfo");
  private static final Message VERSION = Message.of("NSProcessInfo", "-operatingSystemVersion");
  private static final Message VERSION_STRING =
      Message.of("NSProcessInfo", "-operatingSystemVersionString");
  private static final Message LOW_POWER = Message.of("NSProcessInfo", "-isLowPowerModeEnabled");

  private ProcessInfo() {}

  /** A version of the operating system. */
  public record OsVersion(long major, long minor, long patch) {
    @Override
    public String toString() {
      return major + "." + minor + "." + patch;
    }
  }

  /** The running system's version. */
  public static OsVersion osVersion() {
    try (Arena arena = Arena.ofConfined();
        AutoreleasePool _ = new AutoreleasePool()) {
      MemorySegment version = VERSION.struct(arena, processInfo());
      return new OsVersion(
          NSOperatingSystemVersion.majorVersion(version),
          NSOperatingSystemVersion.minorVersion(version),
          NSOperatingSystemVersion.patchVersion(version));
    }
  }

  /** The version and build as the system words it for people; not to be parsed. */
  public static String osVersionText() {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return NsString.text(VERSION_STRING.notNil(VERSION_STRING.word(processInfo())));
    }
  }

  /** Whether the user has asked the system to save energy, which slows the GPU down. */
  public static boolean lowPowerMode() {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return LOW_POWER.flag(processInfo());
    }
  }

  private static long processInfo() {
    return CONFORMANCE.check(
        PROCESS_INFO.notNil(PROCESS_INFO.word(ObjcClass.named("NSProcessInfo"))));
  }
}
