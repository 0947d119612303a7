// Joins the splits of a head: with M the largest maximum, a split counts e^(its maximum - M). Load says how what
// they left is read.

// Largest maximum and joined sum, the same in all lanes.
template <typename Load>
inline float2 join_sums(device const float* head, uint splits, uint dv, uint lane) {
  float largest = -3.0e38f;
  for (uint s = lane; s < splits; s += 32) {
    device const float* split = head + int64_t(s) * (2 + dv);
    if (Load::load(split + 1) > 0.0f) largest = max(largest, Load::load(split));
  }
  largest = simd_max(largest);
  float sum = 0.0f;
  for (uint s = lane; s < splits; s += 32) {
    device const float* split = head + int64_t(s) * (2 + dv);
    float part = Load::load(split + 1);
    if (part > 0.0f) sum += part * exp(Load::load(split) - largest);
  }
  return float2(largest, simd_sum(sum));
}

// The joined values of columns c, c + apart, ..., four at most, below dv. The lanes of a simdgroup must agree on
// everything but c.
template <typename Load>
inline float4 join_values(device const float* head, uint splits, uint dv, float2 joined, uint c, uint apart, uint lane) {
  float4 sum = float4(0.0f);
  float share = joined.y > 0.0f ? 1.0f / joined.y : 0.0f;
  for (uint base = 0; base < splits; base += 32) {
    float own = 0.0f;
    if (base + lane < splits) {
      device const float* split = head + int64_t(base + lane) * (2 + dv);
      if (Load::load(split + 1) > 0.0f) own = exp(Load::load(split) - joined.x) * share;
    }
    for (uint j = 0; j < min(32u, splits - base); j++) {
      float weight = simd_shuffle(own, ushort(j));
      if (weight == 0.0f) continue;  // the values of an empty split are unspecified
      device const float* values = head + int64_t(base + j) * (2 + dv) + 2;
      for (uint i = 0; i < 4; i++) {
        if (c + i * apart < dv) sum[i] = fma(weight, Load::load(values + c + i * apart), sum[i]);
      }
    }
  }
  return sum;
}
