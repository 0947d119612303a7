package dev.diecast.bindings.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which libraries hold the Objective-C runtime and Metal: the one that the system property names,
 * which stands in for both, or else macOS's own.
 */
final class NativeLibraries {
  static final String PROPERTY = "diecast.metal.library";

  // The default device is only found when CoreGraphics is loaded too.
  private static final List<String> MACOS =
      List.of(
          "/usr/lib/libobjc.A.dylib",
          "/usr/lib/libSystem.B.dylib",
          framework("Foundation"),
          framework("CoreGraphics"),
          framework("Metal"));

  private NativeLibraries() {}

  private static String framework(String name) {
    return "/System/Library/Frameworks/" + name + ".framework/" + name;
  }

  /**
   * Loads them for the rest of the process.
   *
   * @throws MetalException if this system has none or one does not load
   */
  static SymbolLookup open() {
    List<String> missing = new ArrayList<>();
    SymbolLookup all = name -> Optional.empty();
    for (String path : paths()) {
      try {
        // By text and not by Path: macOS keeps its libraries in a cache and has no files for them.
        all = all.or(SymbolLookup.libraryLookup(path, Arena.global()));
      } catch (IllegalArgumentException e) {
        missing.add(path);
      }
    }
    if (!missing.isEmpty()) {
      throw new MetalException("no Metal here: could not load " + String.join(", ", missing));
    }
    return all;
  }

  private static List<String> paths() {
    String named = System.getProperty(PROPERTY, "");
    if (!named.isEmpty()) {
      return List.of(named);
    }
    String system = System.getProperty("os.name", "");
    if (!system.toLowerCase(Locale.ROOT).contains("mac")) {
      throw new MetalException("no Metal here: it needs macOS, this is " + system);
    }
    return MACOS;
  }
}
