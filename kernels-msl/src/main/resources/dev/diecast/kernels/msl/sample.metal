// The choice of the next token, by one threadgroup. The order is that of llama.cpp's default chain: repetition penalty,
// top-k, top-p, min-p, temperature. Top-p and min-p look at the probabilities before the temperature; all three keep a
// prefix of the tokens in descending order. Ties go to the lower id; NaN counts as minus infinity.
#include <metal_stdlib>
using namespace metal;
#include "step.h"
#include "threads.h"
#include "history.h"
#include "random.h"
#include "weights.h"
#include "nucleus.h"
#include "wait.h"

struct SampleArgs {
  int n_tokens;
  int n_vocab;
};

// The logits after the repetition penalty: a copy where one applies.
inline device const float* penalised(device const float* logits, device const StepState* step, int appended, uint vocab,
                                     Threads at, threadgroup int* recent, device float* copy) {
  float penalty = step->repeat_penalty;
  uint window = penalty_window(step, appended);
  if (penalty == 1.0f || window == 0) return logits;
  for (uint i = at.index; i < vocab; i += THREADS) copy[i] = logits[i];
  if (at.index < window) recent[at.index] = step->history[history_slot(appended - 1 - int(at.index))];
  threadgroup_barrier(mem_flags::mem_device | mem_flags::mem_threadgroup);
  if (at.index < window) {
    int token = recent[at.index];
    bool first = token >= 0 && token < int(vocab);
    for (uint i = 0; i < at.index; i++) first = first && recent[i] != token;
    if (first) {
      float logit = logits[token];
      copy[token] = logit > 0.0f ? logit / penalty : logit * penalty;
    }
  }
  threadgroup_barrier(mem_flags::mem_device);
  return copy;
}

// What share / 2^bits is of a total below 2^63, rounded down; share <= 2^32.
inline uint64_t fraction_of(uint64_t total, uint64_t share, uint bits) {
  uint64_t mask = (uint64_t(1) << bits) - 1;
  return (total >> bits) * share + ((total & mask) * share >> bits);
}

// The parameters of the choice.
struct Chain {
  uint top_k;  // at most the vocabulary
  float top_p;
  float min_p;
};

// How many tokens top-k, top-p and min-p leave, which are listed in `ids`.
inline uint keep(Scores scores, Weights plain, Chain chain, Threads at, threadgroup atomic_uint* bins,
                 threadgroup uint64_t* keys, threadgroup uint64_t* slots, device int* ids) {
  bool all = chain.top_k == scores.count;
  bool by_mass = chain.top_p < 1.0f;
  uint share = chain.top_p > 0.0f && by_mass ? uint(chain.top_p * 4294967296.0f) : 0;
  Tokens everything = {ids, false, scores.count};
  uint64_t total = all && by_mass ? total_weight(plain, everything, at, slots) : 0;
  uint64_t enough = fraction_of(total, share, 32);
  float least = chain.min_p > 0.0f ? log(chain.min_p) : -FLT_MAX;
  uint listed = 0;
  uint likely = 0;  // tokens that min-p leaves
  uint64_t mass = 0;
  uint64_t begin = 0;
  while (listed < chain.top_k) {
    uint wanted = all ? BATCH / 4 : min(chain.top_k - listed, uint(BATCH));
    Batch batch = bound_batch(scores, begin, wanted, at, bins, slots);
    uint64_t own = list_batch(scores, begin, batch, at, bins, keys, ids + listed);
    uint64_t weight = 0;
    bool is_likely = false;
    if (at.index < batch.count) {
      uint token = uint(own) & ((1u << ID_BITS) - 1u);
      float score = scores.scores[token];
      is_likely = ordered(score) > ordered(-INFINITY) && score - plain.largest >= least;
      weight = plain.of(token);
    }
    uint likely_here = uint(sum_of_all(is_likely ? 1u : 0u, at, slots));
    mass += sum_of_all(weight, at, slots);
    listed += batch.count;
    likely += likely_here;
    begin = batch.end;
    // Of a top k whose mass counts, all must be there.
    if ((all || !by_mass) && likely_here < batch.count) break;
    if (all && by_mass && mass > enough) break;
  }
  Tokens top = {ids, true, min(listed, chain.top_k)};
  uint kept = min(top.count, likely);
  if (by_mass) {
    if (!all) total = total_weight(plain, top, at, slots);
    enough = fraction_of(total, share, 32);
    bool exact = (total * share & 0xffffffffu) == 0;
    // Until the sum reaches the mass: exceeds what is one below, where nothing was rounded away.
    uint64_t target = exact && enough > 0 ? enough - 1 : enough;
    kept = min(kept, share == 0 ? 1 : crossing(plain, top, target, at, slots) + 1);
  }
  return max(kept, 1u);
}

kernel void sample(device const float* logits [[buffer(0)]],
                   device const int* tokens [[buffer(1)]],
                   device StepState* step [[buffer(2)]],
                   device float* scratch [[buffer(3)]],
                   constant SampleArgs& args [[buffer(4)]],
                   uint thread_index [[thread_index_in_threadgroup]],
                   uint simdgroup [[simdgroup_index_in_threadgroup]],
                   uint lane [[thread_index_in_simdgroup]]) {
  threadgroup atomic_uint bins[BINS];
  threadgroup uint64_t keys[BATCH];
  threadgroup uint64_t slots[SIMDGROUPS];
  threadgroup int recent[HISTORY_TOKENS];
  wait_for_inputs();
  Threads at = {thread_index, simdgroup, lane};
  uint vocab = uint(args.n_vocab);
  uint active = active_tokens(args.n_tokens, step);
  int appended = append(step, tokens, active, at);
  if (step->emit != 1) return;
  Scores scores = {penalised(logits, step, appended, vocab, at, recent, scratch), vocab};
  uint choice = uint(first_key(scores, at, slots)) & ((1u << ID_BITS) - 1u);
  float largest = scores.scores[choice];
  float temperature = step->temperature;
  // An infinite maximum leaves no softmax to draw from.
  bool finite = (as_type<uint>(largest) & 0x7f800000u) != 0x7f800000u;
  if (temperature > 0.0f && finite) {
    Chain chain = {step->top_k > 0 ? min(uint(step->top_k), vocab) : vocab, step->top_p, step->min_p};
    bool filtered = chain.top_k < vocab || chain.top_p < 1.0f || chain.min_p > 0.0f;
    device int* ids = (device int*)(scratch + vocab);
    Tokens kept = {ids, filtered, vocab};
    if (filtered) {
      Weights plain = {scores.scores, largest, 1.0f};
      kept.count = keep(scores, plain, chain, at, bins, keys, slots, ids);
    }
    Weights weights = {scores.scores, largest, temperature};
    uint64_t total = total_weight(weights, kept, at, slots);
    uint random = random_bits(step->seed, int64_t(step->position) + int64_t(active) - 1);
    choice = kept.id(crossing(weights, kept, fraction_of(total, random, 24), at, slots));
  }
  threadgroup_barrier(mem_flags::mem_device);
  if (thread_index == 0) step->sampled = int(choice);
}
