package dev.diecast.kernels.msl;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a grid argument holds (Metal Shading Language Specification, kernel input attributes). */
public enum GridSemantic {
  THREADGROUP_POSITION_IN_GRID(3, "MSL_TGPIG"),
  THREAD_POSITION_IN_THREADGROUP(3, "MSL_TPITG"),
  THREADS_PER_THREADGROUP(3, "MSL_TPTG"),
  DISPATCH_THREADS_PER_THREADGROUP(3, "MSL_TPTG"),
  THREADGROUPS_PER_GRID(3, "MSL_TGPG"),
  THREAD_POSITION_IN_GRID(3, "MSL_TPIG"),
  THREADS_PER_GRID(3, "MSL_TPG"),
  GRID_SIZE(3, "MSL_TPG"),
  THREAD_INDEX_IN_THREADGROUP(1, "MSL_TIITG"),
  THREAD_INDEX_IN_SIMDGROUP(1, "MSL_TIISG"),
  SIMDGROUP_INDEX_IN_THREADGROUP(1, "MSL_SGITG"),
  SIMDGROUPS_PER_THREADGROUP(1, "MSL_SGPTG"),
  THREADS_PER_SIMDGROUP(1, "MSL_TPSG"),
  QUADGROUP_INDEX_IN_THREADGROUP(1, "MSL_QGITG"),
  THREAD_INDEX_IN_QUADGROUP(1, "MSL_TIIQG");

  private final int mostComponents;
  private final String macro;

  GridSemantic(int mostComponents, String macro) {
    this.mostComponents = mostComponents;
    this.macro = macro;
  }

  /** The attribute of that name, or null. */
  static @Nullable GridSemantic ofAttribute(String name) {
    return Arrays.stream(values()).filter(s -> s.attribute().equals(name)).findFirst().orElse(null);
  }

  /** The attribute in MSL. */
  public String attribute() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** 3 where a vector may be asked for, else 1. */
  int mostComponents() {
    return mostComponents;
  }

  /** The macro of the dialect headers that yields it. */
  String macro() {
    return macro;
  }
}
