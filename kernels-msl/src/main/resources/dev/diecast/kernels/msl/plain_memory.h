// Results that a later dispatch reads.
struct PlainMemory {
  static float load(device const float* p) { return *p; }
  static void store(device float* p, float x) { *p = x; }
};
