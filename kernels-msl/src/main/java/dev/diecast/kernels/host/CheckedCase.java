package dev.diecast.kernels.host;

import dev.diecast.kernels.msl.SourceLine;
import java.util.List;

/**
 * What came of running one case under all schedules, or up to the first that did not end.
 *
 * @param kernel that ran
 * @param where the case is described
 * @param isDefault whether nobody described it, so that only defects which no input excuses count
 * @param findings of all schedules, each once
 * @param traffic of each buffer under the forward schedule
 * @param complete whether all threads ran to their end under every schedule
 */
public record CheckedCase(
    String kernel,
    SourceLine where,
    boolean isDefault,
    List<HostFinding> findings,
    List<BufferTraffic> traffic,
    boolean complete) {
  /** Copies the lists. */
  public CheckedCase {
    findings = List.copyOf(findings);
    traffic = List.copyOf(traffic);
  }
}
