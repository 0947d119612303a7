// The softmax of logits over a temperature, as integers: e^((logit - max) / temperature) times 2^44. Sums of up to
// 2^19 of them fit 64 bits, and are the same in any order.
#include "order.h"

// 2^44 e^(x + rest) for x <= 0, rounded down, with |rest| far below |x|. Between -0.35 and 0.35 the Taylor polynomial
// of degree 7 is off by less than 6e-9.
inline uint64_t fixed_exp(float x, float rest) {
  if (x < -48.0f) return 0;
  float n = rint(x * M_LOG2E_F);
  float r = fma(n, -0.693145751953125f, x);  // ln 2 in two parts, the first of few bits, so that this is exact
  r = fma(n, -1.428606820309417e-6f, r) + rest;
  float p = 1.0f / 5040.0f;
  p = fma(p, r, 1.0f / 720.0f);
  p = fma(p, r, 1.0f / 120.0f);
  p = fma(p, r, 1.0f / 24.0f);
  p = fma(p, r, 1.0f / 6.0f);
  p = fma(p, r, 0.5f);
  p = fma(p, r, 1.0f);
  p = fma(p, r, 1.0f);
  return uint64_t(p * as_type<float>(uint(int(n) + 127 + 44) << 23));
}

// Tokens in an order: by id, or as listed.
struct Tokens {
  device const int* ids;
  bool listed;
  uint count;

  uint id(uint i) const thread { return listed ? uint(ids[i]) : i; }
};

// NaN weighs nothing. What rounding takes from difference and quotient is put back.
struct Weights {
  device const float* scores;
  float largest;  // of the scores
  float temperature;

  uint64_t of(uint token) const thread {
    float score = scores[token];
    if (ordered(score) <= ordered(-INFINITY)) return 0;
    float difference = score - largest;
    float back = difference - score;
    float lost = (score - (difference - back)) - (largest + back);
    float x = difference / temperature;
    return fixed_exp(x, (fma(-x, temperature, difference) + lost) / temperature);
  }
};

inline uint64_t total_weight(Weights weights, Tokens tokens, Threads at, threadgroup uint64_t* slots) {
  uint64_t sum = 0;
  for (uint i = at.index; i < tokens.count; i += THREADS) sum += weights.of(tokens.id(i));
  return sum_of_all(sum, at, slots);
}

// The first place up to which the weights exceed `target`; tokens.count where they do not. Each simdgroup sums one of 32
// shares; the share in which it happens is divided again.
inline uint crossing(Weights weights, Tokens tokens, uint64_t target, Threads at, threadgroup uint64_t* slots) {
  uint begin = 0;
  uint end = tokens.count;
  while (true) {
    uint share = (end - begin + SIMDGROUPS - 1) / SIMDGROUPS;
    uint from = min(begin + at.simdgroup * share, end);
    uint to = min(from + share, end);
    uint64_t sum = 0;
    for (uint i = from + at.lane; i < to; i += 32) sum += weights.of(tokens.id(i));
    uint64_t all = exchange(sum_of_simdgroup(sum), at, slots);
    uint64_t before = sum_before(all, at.lane);
    uint which = simd_min(before <= target && target < before + all ? at.lane : 32u);
    if (which == 32) return tokens.count;
    target -= from_lane(before, which);
    begin += which * share;
    end = min(begin + share, end);
    if (share == 1) return begin;
  }
}
