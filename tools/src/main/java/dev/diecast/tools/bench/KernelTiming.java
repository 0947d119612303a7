package dev.diecast.tools.bench;

import dev.diecast.tools.cases.CaseTraffic;
import dev.diecast.tools.cases.KernelCase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How fast a kernel was on one case.
 *
 * @param of the case
 * @param micros time of a run
 * @param runs how many were timed
 * @param streamed bytes per second that the same cores read in between, doing nothing else
 */
public record KernelTiming(KernelCase of, Spread micros, int runs, Spread streamed) {
  /** Bytes per second that the median run moves. */
  public double bytesPerSecond() {
    return CaseTraffic.bytes(of) * 1e6 / micros.median();
  }

  /** The share of the memory's speed. */
  public double share() {
    return bytesPerSecond() / streamed.median();
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kernel", of.kernel());
    map.put("case", of.name());
    map.put("us", micros.toMap());
    map.put("runs", runs);
    map.put("bytes", CaseTraffic.bytes(of));
    map.put("weight_bytes", CaseTraffic.weightBytes(of));
    map.put("gb_per_s", bytesPerSecond() / 1e9);
    map.put("stream_gb_per_s", streamed.median() / 1e9);
    map.put("share_of_stream", share());
    return map;
  }
}
