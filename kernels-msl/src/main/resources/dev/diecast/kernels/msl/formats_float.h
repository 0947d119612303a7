// Rows of float weights. A unit is 16 values in a row; `wide` says that rows start at multiples of 16 bytes.

struct F32 {
  enum { unit = 16, ragged = 1 };

  static uint at(uint u, uint group) { return 16 * u + 4 * group; }

  static float value(device const uchar* row, uint k) { return ((device const float*)row)[k]; }

  static float dot(device const uchar* row, uint u, thread const float* x, bool wide) {
    float sum = 0.0f;
    if (wide) {
      device const float4* w = (device const float4*)(row + 64 * u);
      for (uint i = 0; i < 4; i++) {
        sum += metal::dot(w[i], float4(x[4 * i], x[4 * i + 1], x[4 * i + 2], x[4 * i + 3]));
      }
    } else {
      for (uint i = 0; i < 16; i++) sum += value(row, 16 * u + i) * x[i];
    }
    return sum;
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    for (uint i = 0; i < 8; i++) y[i] = value(row, k + i);
  }
};

struct F16 {
  enum { unit = 16, ragged = 1 };

  static uint at(uint u, uint group) { return 16 * u + 4 * group; }

  static float value(device const uchar* row, uint k) { return float(((device const half*)row)[k]); }

  static float dot(device const uchar* row, uint u, thread const float* x, bool wide) {
    float sum = 0.0f;
    if (wide) {
      device const uint4* w = (device const uint4*)(row + 32 * u);
      for (uint i = 0; i < 2; i++) {
        uint4 raw = w[i];
        for (uint j = 0; j < 4; j++) {
          float2 pair = float2(as_type<half2>(raw[j]));
          sum += pair.x * x[8 * i + 2 * j] + pair.y * x[8 * i + 2 * j + 1];
        }
      }
    } else {
      for (uint i = 0; i < 16; i++) sum += value(row, 16 * u + i) * x[i];
    }
    return sum;
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    for (uint i = 0; i < 8; i++) y[i] = value(row, k + i);
  }
};

// The upper half of a float32.
struct BF16 {
  enum { unit = 16, ragged = 1 };

  static uint at(uint u, uint group) { return 16 * u + 4 * group; }

  static float value(device const uchar* row, uint k) {
    return as_type<float>(uint(((device const ushort*)row)[k]) << 16);
  }

  static float dot(device const uchar* row, uint u, thread const float* x, bool wide) {
    float sum = 0.0f;
    if (wide) {
      device const uint4* w = (device const uint4*)(row + 32 * u);
      for (uint i = 0; i < 2; i++) {
        uint4 raw = w[i];
        for (uint j = 0; j < 4; j++) {
          sum += as_type<float>(raw[j] << 16) * x[8 * i + 2 * j];
          sum += as_type<float>(raw[j] & 0xffff0000u) * x[8 * i + 2 * j + 1];
        }
      }
    } else {
      for (uint i = 0; i < 16; i++) sum += value(row, 16 * u + i) * x[i];
    }
    return sum;
  }

  static void decode8(device const uchar* row, uint k, thread float* y) {
    for (uint i = 0; i < 8; i++) y[i] = value(row, k + i);
  }
};
