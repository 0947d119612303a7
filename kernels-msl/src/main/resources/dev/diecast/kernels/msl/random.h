// Random numbers by counter: a function of seed and position only, so that every device draws the same. The mixer is
// the finaliser of SplitMix64 (Steele, Lea and Flood 2014, variant 13 of Stafford).
inline uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// 24 bits, as a fraction of 2^24.
inline uint random_bits(int64_t seed, int64_t position) {
  const uint64_t GOLDEN = 0x9e3779b97f4a7c15u;
  return uint(mix(mix(uint64_t(seed) + GOLDEN) + (uint64_t(position) + 1u) * GOLDEN) >> 40);
}
