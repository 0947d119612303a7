package dev.diecast.tools.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Two sessions measured side by side.
 *
 * @param measured the session in question
 * @param other what it is compared with
 * @param decodeRatio decoded tokens per second, measured over other, of rounds next to each other
 * @param prefillRatio the same of prompt tokens per second
 */
public record Comparison(
    Measurement measured, Measurement other, Spread decodeRatio, Spread prefillRatio) {

  Map<String, Object> toMap(String name) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("plan", name);
    map.put("decode", Map.of("tok_per_s", other.decode().toMap()));
    map.put("prefill", Map.of("tok_per_s", other.prefill().toMap()));
    map.put("decode_ratio", decodeRatio.toMap());
    map.put("prefill_ratio", prefillRatio.toMap());
    return map;
  }
}
