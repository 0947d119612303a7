package dev.diecast.kernels.host;

import java.util.List;

/**
 * What came of a dispatch.
 *
 * @param findings defects, each once however many threads showed it
 * @param traffic of each buffer; empty in the plain mode, which does not count
 * @param complete whether all threads ran to their end; otherwise the results are worthless
 */
public record HostReport(
    List<HostFinding> findings, List<BufferTraffic> traffic, boolean complete) {
  /** Copies the lists. */
  public HostReport {
    findings = List.copyOf(findings);
    traffic = List.copyOf(traffic);
  }

  /** The traffic of one buffer. */
  public BufferTraffic traffic(String name) {
    return traffic.stream()
        .filter(t -> t.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no traffic of '" + name + "' was counted"));
  }
}
