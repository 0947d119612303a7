// Angles as fractions of a turn, in integers: exact at any position, where a float32 angle of some thousand
// radians is off in its fourth decimal, and MSL has no float64.

// Bits 64 to 127 and 0 to 63 of a product.
struct Product {
  uint64_t high;
  uint64_t low;
};

inline Product product(uint64_t a, uint64_t b) {
  uint64_t low = uint64_t(1) << 32;
  uint64_t mask = low - 1;
  uint64_t p00 = (a & mask) * (b & mask);
  uint64_t p01 = (a & mask) * (b >> 32);
  uint64_t p10 = (a >> 32) * (b & mask);
  uint64_t middle = (p00 >> 32) + (p01 & mask) + (p10 & mask);
  Product result;
  result.low = middle << 32 | (p00 & mask);
  result.high = (a >> 32) * (b >> 32) + (p01 >> 32) + (p10 >> 32) + (middle >> 32);
  return result;
}

// The angle of `bits`, a positive float64 of radians, as turns times 2^64; whole turns drop out. Each multiple of
// it is then exact modulo a turn, up to its own rounding times that multiple.
inline uint64_t turns_of(uint64_t bits) {
  const uint64_t TURNS_PER_RADIAN = 0xa2f9836e4e44152au;  // 2^66 / (2 pi)
  int exponent = int(bits >> 52 & 2047) - 1023;
  uint64_t mantissa = (bits & 0xfffffffffffffu) | uint64_t(1) << 52;
  Product p = product(mantissa, TURNS_PER_RADIAN);
  // mantissa * 2^(exponent - 52) radians, times TURNS_PER_RADIAN / 2^66, times 2^64
  int shift = 54 - exponent;
  if (shift <= -64 || shift >= 128) return 0;  // whole turns only, or too little to count
  if (shift >= 64) return p.high >> (shift - 64);
  if (shift > 0) return p.high << (64 - shift) | p.low >> shift;
  return p.low << -shift;
}

// Taylor polynomials on an eighth of a turn to either side, where they are off by less than 3e-9.
inline float2 cosine_and_sine(uint64_t turns) {
  uint fraction = uint(turns >> 32);
  uint quarter = (fraction + 0x20000000u) >> 30;  // the nearest
  float x = float(int(fraction - (quarter << 30))) * 1.4629180792671596e-9f;  // 2 pi / 2^32
  float s = x * x;
  float sine = x + x * s * (-1.6666666667e-1f + s * (8.3333333333e-3f + s * (-1.9841269841e-4f + s * 2.7557319e-6f)));
  float cosine = 1.0f + s * (-0.5f + s * (4.1666666667e-2f + s * (-1.3888888889e-3f + s * 2.4801587302e-5f)));
  float2 turn = (quarter & 1u) == 0 ? float2(cosine, sine) : float2(-sine, cosine);
  return (quarter & 2u) == 0 ? turn : -turn;
}
