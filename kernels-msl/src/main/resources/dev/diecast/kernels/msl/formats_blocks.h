// Blocks of 32 values (ggml's Q8_0, Q4_0, Q4_1, Q5_0, Q5_1). A unit is a block, so that each of its bytes is loaded once.
// Blocks start at even addresses and no better, so loads are of 16 bits.

// Sixteen bits at an even address.
inline uint bits16(device const uchar* p) { return uint(*(device const ushort*)p); }

inline float half_at(device const uchar* p) { return float(*(device const half*)p); }

// The sum of 32 activations, by which an offset common to a block is multiplied.
inline float sum32(thread const float* x) {
  float sum = 0.0f;
  for (uint i = 0; i < 32; i++) sum += x[i];
  return sum;
}

// The 16 bytes at q hold 32 values of 4 bits: byte i holds value i below, value 16 + i above.
inline float dot_nibbles(device const uchar* q, thread const float* x) {
  float sum = 0.0f;
  for (uint i = 0; i < 16; i += 2) {
    uint two = bits16(q + i);
    sum += float(two & 15u) * x[i] + float((two >> 8) & 15u) * x[i + 1];
    sum += float((two >> 4) & 15u) * x[16 + i] + float(two >> 12) * x[17 + i];
  }
  return sum;
}

// The same with a fifth bit: bit i of high belongs to value i.
inline float dot_five_bits(device const uchar* q, uint high, thread const float* x) {
  float sum = 0.0f;
  for (uint i = 0; i < 16; i++) {
    uint both = uint(q[i]);
    sum += float((both & 15u) | ((high >> i) & 1u) << 4) * x[i];
    sum += float((both >> 4) | ((high >> (16 + i)) & 1u) << 4) * x[16 + i];
  }
  return sum;
}

inline uint nibble(device const uchar* q, uint i) { return (uint(q[i % 16]) >> (4 * (i / 16))) & 15u; }

inline uint five_bits(device const uchar* q, uint high, uint i) {
  return nibble(q, i) | ((high >> i) & 1u) << 4;
}

inline uint bits32(device const uchar* p) { return bits16(p) | bits16(p + 2) << 16; }

struct Q8_0 {
  enum { unit = 32, ragged = 0, block = 34 };

  static uint at(uint u, uint group) { return 32 * u + 4 * group; }

  static float dot(device const uchar* row, uint u, thread const float* x, bool) {
    device const uchar* b = row + block * u;
    float sum = 0.0f;
    for (uint i = 0; i < 32; i += 2) {
      char2 q = as_type<char2>(ushort(bits16(b + 2 + i)));
      sum += float(q.x) * x[i] + float(q.y) * x[i + 1];
    }
    return half_at(b) * sum;
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    device const uchar* b = row + block * (k / 32);
    float d = half_at(b);
    for (uint i = 0; i < 8; i++) y[i] = d * float(as_type<char>(b[2 + k % 32 + i]));
  }

  static float value(device const uchar* row, uint k) {
    device const uchar* b = row + block * (k / 32);
    return half_at(b) * float(as_type<char>(b[2 + k % 32]));
  }
};

// d (q - 8): scale, nibbles.
struct Q4_0 {
  enum { unit = 32, ragged = 0, block = 18 };

  static uint at(uint u, uint group) { return 32 * u + 4 * group; }

  static float dot(device const uchar* row, uint u, thread const float* x, bool) {
    device const uchar* b = row + block * u;
    return half_at(b) * (dot_nibbles(b + 2, x) - 8.0f * sum32(x));
  }

  static float value(device const uchar* row, uint k) {
    device const uchar* b = row + block * (k / 32);
    return half_at(b) * (float(nibble(b + 2, k % 32)) - 8.0f);
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    device const uchar* b = row + block * (k / 32);
    float d = half_at(b);
    for (uint i = 0; i < 8; i++) y[i] = d * (float(nibble(b + 2, k % 32 + i)) - 8.0f);
  }
};

// d q + m: scale, minimum, nibbles.
struct Q4_1 {
  enum { unit = 32, ragged = 0, block = 20 };

  static uint at(uint u, uint group) { return 32 * u + 4 * group; }

  static float dot(device const uchar* row, uint u, thread const float* x, bool) {
    device const uchar* b = row + block * u;
    return half_at(b) * dot_nibbles(b + 4, x) + half_at(b + 2) * sum32(x);
  }

  static float value(device const uchar* row, uint k) {
    device const uchar* b = row + block * (k / 32);
    return half_at(b) * float(nibble(b + 4, k % 32)) + half_at(b + 2);
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    device const uchar* b = row + block * (k / 32);
    float d = half_at(b);
    float m = half_at(b + 2);
    for (uint i = 0; i < 8; i++) y[i] = d * float(nibble(b + 4, k % 32 + i)) + m;
  }
};

// d (q - 16): scale, fifth bits, nibbles.
struct Q5_0 {
  enum { unit = 32, ragged = 0, block = 22 };

  static uint at(uint u, uint group) { return 32 * u + 4 * group; }

  static float dot(device const uchar* row, uint u, thread const float* x, bool) {
    device const uchar* b = row + block * u;
    return half_at(b) * (dot_five_bits(b + 6, bits32(b + 2), x) - 16.0f * sum32(x));
  }

  static float value(device const uchar* row, uint k) {
    device const uchar* b = row + block * (k / 32);
    return half_at(b) * (float(five_bits(b + 6, bits32(b + 2), k % 32)) - 16.0f);
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    device const uchar* b = row + block * (k / 32);
    float d = half_at(b);
    uint high = bits32(b + 2);
    for (uint i = 0; i < 8; i++) y[i] = d * (float(five_bits(b + 6, high, k % 32 + i)) - 16.0f);
  }
};

// d q + m: scale, minimum, fifth bits, nibbles.
struct Q5_1 {
  enum { unit = 32, ragged = 0, block = 24 };

  static uint at(uint u, uint group) { return 32 * u + 4 * group; }

  static float dot(device const uchar* row, uint u, thread const float* x, bool) {
    device const uchar* b = row + block * u;
    return half_at(b) * dot_five_bits(b + 8, bits32(b + 4), x) + half_at(b + 2) * sum32(x);
  }

  static float value(device const uchar* row, uint k) {
    device const uchar* b = row + block * (k / 32);
    return half_at(b) * float(five_bits(b + 8, bits32(b + 4), k % 32)) + half_at(b + 2);
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    device const uchar* b = row + block * (k / 32);
    float d = half_at(b);
    float m = half_at(b + 2);
    uint high = bits32(b + 4);
    for (uint i = 0; i < 8; i++) y[i] = d * float(five_bits(b + 8, high, k % 32 + i)) + m;
  }
};
