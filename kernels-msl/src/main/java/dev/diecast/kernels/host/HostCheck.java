package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.kernels.msl.MslModule;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs the kernels of a file under every schedule, all accesses checked, with inputs that comments
 * in the file describe:
 *
 * <pre>{@code
 * // check: kernel gemv  grid 8 1 1  threads 64  constant ROWS 4
 * // check:   buffer w f16[65536] random   buffer x f32[256] random -1 1   buffer y f32[256] undefined
 * // check:   args p n=256 eps=1e-5        threadgroup scratch 512
 * }</pre>
 *
 * <p>All such comments form one sequence of words. {@code kernel NAME} starts a case; {@code grid}
 * counts threadgroups and {@code threads} the threads of each, one to three numbers. {@code
 * constant NAME VALUE} sets a function constant. {@code buffer NAME TYPE[COUNT] FILL} binds values
 * of type f32, f16, bf16, i8, u8, i16, u16, i32, u32, i64 or u64; FILL is {@code random [LOW
 * HIGH]}, {@code ramp}, {@code zero}, a number, or {@code undefined} for results. {@code args NAME
 * FIELD=VALUE...} fills a struct, {@code args NAME VALUE} a single value. {@code threadgroup NAME
 * BYTES} sizes threadgroup memory. Arguments that are not named are absent.
 *
 * <p>A kernel that no case names runs once with one threadgroup over zeroes; then only those
 * defects count that no input excuses.
 */
public final class HostCheck {
  /** Defects whatever the inputs are. */
  private static final Set<HostFinding.Kind> INEXCUSABLE =
      EnumSet.of(
          HostFinding.Kind.BARRIER,
          HostFinding.Kind.SIMD,
          HostFinding.Kind.READ_ONLY,
          HostFinding.Kind.ARRAY_INDEX);

  private static final int SECONDS = 60;

  private HostCheck() {}

  /** Whether comments of the file describe cases at all. */
  public static boolean hasCases(MslModule module) {
    return new CheckWords(module.source()).hasNext();
  }

  /**
   * Compiles the file once for each set of function constants and runs all cases.
   *
   * @throws HostException when clang is missing or refuses the text
   * @throws dev.diecast.kernels.msl.MslException when a comment describes no sound case
   */
  public static List<CheckedCase> run(HostCompiler compiler, MslModule module) {
    var results = new ArrayList<CheckedCase>();
    for (CheckCase described : CheckCases.of(module)) {
      try (HostLibrary library =
          compiler.compile(module.source(), described.constants(), HostMode.CHECKED)) {
        results.add(run(library, described));
      }
    }
    return results;
  }

  private static CheckedCase run(HostLibrary library, CheckCase described) {
    HostKernel kernel = library.kernel(described.kernel());
    var seen = new HashSet<String>();
    var findings = new ArrayList<HostFinding>();
    List<BufferTraffic> traffic = List.of();
    boolean complete = true;
    for (Schedule schedule : Schedule.all()) {
      HostReport report = dispatch(library, kernel, described, schedule);
      for (HostFinding finding : report.findings()) {
        if (counts(described, finding) && seen.add(finding.kind() + " " + finding.where())) {
          findings.add(finding);
        }
      }
      traffic = schedule.equals(Schedule.FORWARD) ? report.traffic() : traffic;
      complete &= report.complete();
      if (isEndless(report)) {
        break;
      }
    }
    return new CheckedCase(
        described.kernel(), described.where(), described.isDefault(), findings, traffic, complete);
  }

  /** Another schedule would take as long, and say the same. */
  private static boolean isEndless(HostReport report) {
    return report.findings().stream().anyMatch(f -> f.kind() == HostFinding.Kind.TIMEOUT);
  }

  private static boolean counts(CheckCase described, HostFinding finding) {
    return !described.isDefault() || INEXCUSABLE.contains(finding.kind());
  }

  private static HostReport dispatch(
      HostLibrary library, HostKernel kernel, CheckCase described, Schedule schedule) {
    MslKernel declared = kernel.declared();
    try (Arena arena = Arena.ofConfined()) {
      Map<String, HostBuffer> buffers =
          new CheckMemory(library.module(), declared, described, arena).buffers();
      return kernel.dispatch(
          new HostLaunch(
              described.groups(), described.threads(), buffers, schedule, SECONDS, false));
    }
  }
}
