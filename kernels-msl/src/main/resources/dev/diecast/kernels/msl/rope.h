// RoPE. Angles lie as cos, sin, cos, sin; pair i of a head is values (2i, 2i + 1), or with neox (i, i + pairs).

inline uint first_of_pair(uint i, bool neox) { return neox ? i : 2 * i; }

inline uint second_of_pair(uint i, uint pairs, bool neox) { return neox ? i + pairs : 2 * i + 1; }

// (a, b) turned by the angle with that cosine and sine.
inline float2 turned(float a, float b, float cosine, float sine) {
  return float2(a * cosine - b * sine, a * sine + b * cosine);
}
