// Blocks of 256 values (ggml's Q4_K, Q5_K, Q6_K).

// The 6-bit scale and minimum of sub-block s (0 to 7) in the 12 bytes at p: the first four of each
// lie in the low six bits of a byte, the others in a nibble and the two bits above the first four.
inline float2 scale_and_minimum(device const uchar* p, uint s) {
  if (s < 4) {
    return float2(float(p[s] & 63), float(p[s + 4] & 63));
  }
  uint both = uint(p[s + 4]);
  uint scale = (both & 15u) | (uint(p[s - 4]) >> 6) << 4;
  uint minimum = (both >> 4) | (uint(p[s]) >> 6) << 4;
  return float2(float(scale), float(minimum));
}

// A unit of Q4_K and Q5_K: 16 bytes of nibbles, that is 16 values of an even sub-block below and 16
// of the next one above. Blocks are 144 and 176 bytes, so nibbles come in loads of 16 bytes.
struct NibbleUnit {
  uint block;
  uint pair;   // of sub-blocks, 0 to 3
  uint first;  // value in the sub-block, 0 or 16

  static NibbleUnit of(uint u) {
    NibbleUnit unit;
    unit.block = u / 8;
    unit.pair = u % 8 / 2;
    unit.first = 16 * (u % 2);
    return unit;
  }

  static uint at(uint u, uint group) {
    return 256 * (u / 8) + 64 * (u % 8 / 2) + 16 * (u % 2) + 32 * (group / 4) + 4 * (group % 4);
  }
};

inline float sum16(thread const float* x) {
  float sum = 0.0f;
  for (uint i = 0; i < 16; i++) sum += x[i];
  return sum;
}

struct Q4_K {
  enum { unit = 32, ragged = 0, block = 144 };

  static uint at(uint u, uint group) { return NibbleUnit::at(u, group); }

  static float dot(device const uchar* row, uint u, thread const float* x, bool) {
    NibbleUnit part = NibbleUnit::of(u);
    device const uchar* b = row + block * part.block;
    uint4 q = *(device const uint4*)(b + 16 + 32 * part.pair + part.first);
    float low = 0.0f;
    float high = 0.0f;
    for (uint i = 0; i < 16; i++) {
      uint both = q[i / 4] >> (8 * (i % 4));
      low += float(both & 15u) * x[i];
      high += float((both >> 4) & 15u) * x[16 + i];
    }
    float2 even = scale_and_minimum(b + 4, 2 * part.pair);
    float2 odd = scale_and_minimum(b + 4, 2 * part.pair + 1);
    float scaled = even.x * low + odd.x * high;
    float minima = even.y * sum16(x) + odd.y * sum16(x + 16);
    return half_at(b) * scaled - half_at(b + 2) * minima;
  }

  static float value(device const uchar* row, uint k) {
    float y[8];
    decode8(row, k - k % 8, y);
    return y[k % 8];
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    device const uchar* b = row + block * (k / 256);
    uint s = k % 256 / 32;
    float2 scales = scale_and_minimum(b + 4, s);
    float d = half_at(b) * scales.x;
    float m = half_at(b + 2) * scales.y;
    device const uchar* q = b + 16 + 32 * (s / 2) + k % 32;
    for (uint i = 0; i < 8; i++) y[i] = d * float((uint(q[i]) >> (4 * (s % 2))) & 15u) - m;
  }
};

struct Q5_K {
  enum { unit = 32, ragged = 0, block = 176 };

  static uint at(uint u, uint group) { return NibbleUnit::at(u, group); }

  static float dot(device const uchar* row, uint u, thread const float* x, bool) {
    NibbleUnit part = NibbleUnit::of(u);
    device const uchar* b = row + block * part.block;
    uint4 q = *(device const uint4*)(b + 48 + 32 * part.pair + part.first);
    uint4 h = *(device const uint4*)(b + 16 + part.first);
    float low = 0.0f;
    float high = 0.0f;
    for (uint i = 0; i < 16; i++) {
      uint both = q[i / 4] >> (8 * (i % 4));
      uint fifth = h[i / 4] >> (8 * (i % 4) + 2 * part.pair);
      low += float((both & 15u) | (fifth & 1u) << 4) * x[i];
      high += float(((both >> 4) & 15u) | (fifth & 2u) << 3) * x[16 + i];
    }
    float2 even = scale_and_minimum(b + 4, 2 * part.pair);
    float2 odd = scale_and_minimum(b + 4, 2 * part.pair + 1);
    float scaled = even.x * low + odd.x * high;
    float minima = even.y * sum16(x) + odd.y * sum16(x + 16);
    return half_at(b) * scaled - half_at(b + 2) * minima;
  }

  static float value(device const uchar* row, uint k) {
    float y[8];
    decode8(row, k - k % 8, y);
    return y[k % 8];
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    device const uchar* b = row + block * (k / 256);
    uint s = k % 256 / 32;
    float2 scales = scale_and_minimum(b + 4, s);
    float d = half_at(b) * scales.x;
    float m = half_at(b + 2) * scales.y;
    device const uchar* q = b + 48 + 32 * (s / 2) + k % 32;
    device const uchar* h = b + 16 + k % 32;
    for (uint i = 0; i < 8; i++) {
      uint low = (uint(q[i]) >> (4 * (s % 2))) & 15u;
      y[i] = d * float(low | ((uint(h[i]) >> s) & 1u) << 4) - m;
    }
  }
};

// Four low bits (128 bytes), two high bits (64 bytes), a scale per 16 values, and the common scale. A
// unit is four values of each of the four sub-blocks of 32 that share bytes of high bits.
struct Q6_K {
  enum { unit = 16, ragged = 0, block = 210 };

  static uint at(uint u, uint group) { return 256 * (u / 16) + 128 * (u % 16 / 8) + 32 * group + 4 * (u % 8); }

  static float dot(device const uchar* row, uint u, thread const float* x, bool) {
    device const uchar* b = row + block * (u / 16);
    uint side = u % 16 / 8;
    uint first = 4 * (u % 8);
    uint low = bits32(b + 64 * side + first);
    uint next = bits32(b + 64 * side + 32 + first);
    uint high = bits32(b + 128 + 32 * side + first);
    device const uchar* scales = b + 192 + 8 * side + first / 16;
    float4 sums = float4(0.0f);
    for (uint i = 0; i < 4; i++) {
      uint shift = 8 * i;
      uint h = high >> shift;
      sums.x += (float(((low >> shift) & 15u) | (h & 3u) << 4) - 32.0f) * x[i];
      sums.y += (float(((next >> shift) & 15u) | (h & 12u) << 2) - 32.0f) * x[4 + i];
      sums.z += (float(((low >> (shift + 4)) & 15u) | (h & 48u)) - 32.0f) * x[8 + i];
      sums.w += (float(((next >> (shift + 4)) & 15u) | (h & 192u) >> 2) - 32.0f) * x[12 + i];
    }
    float sum = float(as_type<char>(scales[0])) * sums.x + float(as_type<char>(scales[2])) * sums.y +
                float(as_type<char>(scales[4])) * sums.z + float(as_type<char>(scales[6])) * sums.w;
    return half_at(b + 208) * sum;
  }

  static float value(device const uchar* row, uint k) {
    float y[8];
    decode8(row, k - k % 8, y);
    return y[k % 8];
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    device const uchar* b = row + block * (k / 256);
    uint side = k % 256 / 128;
    uint group = k % 128 / 32;
    uint first = k % 32;
    float d = half_at(b + 208) * float(as_type<char>(b[192 + 8 * side + first / 16 + 2 * group]));
    device const uchar* low = b + 64 * side + 32 * (group % 2) + first;
    device const uchar* high = b + 128 + 32 * side + first;
    for (uint i = 0; i < 8; i++) {
      uint q = ((uint(low[i]) >> (4 * (group / 2))) & 15u) | ((uint(high[i]) >> (2 * group)) & 3u) << 4;
      y[i] = d * (float(q) - 32.0f);
    }
  }
};
