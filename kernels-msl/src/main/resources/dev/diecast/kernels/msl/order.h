// Floats as unsigned integers of the same order, so that NaN has a place in it (below every number, at 1; 0 is
// free), zeros of both signs are equal, and no compiler that assumes finite numbers can turn it over.
inline uint ordered(float x) {
  uint bits = as_type<uint>(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return 1;
  if (bits == 0x80000000u) bits = 0;
  return bits >> 31 != 0 ? ~bits : bits | 0x80000000u;
}
