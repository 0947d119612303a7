// Tokens in descending order of their score, ties by ascending id, batch by batch: a key is the score turned over,
// then the id; a batch is the keys below a bound, found digit by digit from counts of keys by digit, and sorted.

enum { ID_BITS = 23, DIGIT_BITS = 11, BINS = 2048, BATCH = 1024 };

inline uint64_t key_of(float score, uint token) {
  return uint64_t(~ordered(score)) << ID_BITS | token;
}

// Keys of four tokens in a row.
struct FourKeys {
  uint64_t key[4];
};

struct Scores {
  device const float* scores;
  uint count;

  // From `first` on, so that four scores are loaded at once; behind the last token, all bits.
  FourKeys four(uint first) const thread {
    FourKeys keys;
    if (first + 4 <= count) {
      float4 v = float4(*(device const packed_float4*)(scores + first));
      for (uint i = 0; i < 4; i++) keys.key[i] = key_of(v[i], first + i);
    } else {
      for (uint i = 0; i < 4; i++) {
        keys.key[i] = first + i < count ? key_of(scores[first + i], first + i) : ~uint64_t(0);
      }
    }
    return keys;
  }
};

// The least key of all, which is that of the highest score.
inline uint64_t first_key(Scores scores, Threads at, threadgroup uint64_t* slots) {
  uint64_t least = ~uint64_t(0);
  for (uint i = 4 * at.index; i < scores.count; i += 4 * THREADS) {
    FourKeys keys = scores.four(i);
    for (uint j = 0; j < 4; j++) least = keys.key[j] < least ? keys.key[j] : least;
  }
  return least_of_all(least, at, slots);
}

struct Batch {
  uint64_t end;  // above every key of the batch, and below all others
  uint count;
};

// Bounds a batch of keys from `begin` on: `wanted` keys or a few more, at most BATCH, at least one. Some are left.
inline Batch bound_batch(Scores scores, uint64_t begin, uint wanted, Threads at, threadgroup atomic_uint* bins,
                         threadgroup uint64_t* slots) {
  uint64_t prefix = 0;
  Batch batch;
  for (int shift = 4 * DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
    for (uint i = at.index; i < BINS; i += THREADS) atomic_store_explicit(bins + i, 0u, memory_order_relaxed);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint i = 4 * at.index; i < scores.count; i += 4 * THREADS) {
      FourKeys keys = scores.four(i);
      for (uint j = 0; j < 4; j++) {
        uint64_t key = keys.key[j];
        if (key >= begin && key >> (shift + DIGIT_BITS) == prefix) {
          atomic_fetch_add_explicit(bins + (uint(key >> shift) & (BINS - 1)), 1u, memory_order_relaxed);
        }
      }
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint first = atomic_load_explicit(bins + 2 * at.index, memory_order_relaxed);
    uint second = atomic_load_explicit(bins + 2 * at.index + 1, memory_order_relaxed);
    uint before = uint(sum_before_all(first + second, at, slots));
    bool first_fits = before < wanted && before + first <= BATCH;
    bool second_fits = first_fits && before + first < wanted && before + first + second <= BATCH;
    uint fit = (first_fits ? 1u : 0u) + (second_fits ? 1u : 0u);
    uint keys = (first_fits ? first : 0u) + (second_fits ? second : 0u);
    uint64_t both = sum_of_all(uint64_t(fit) << 32 | keys, at, slots);
    prefix = (prefix << DIGIT_BITS) + (both >> 32);
    batch.end = prefix << shift;
    batch.count = uint(both);
    // Otherwise the first digit with any keys has too many: they are told apart by the next one.
    if (batch.count > 0) break;
  }
  return batch;
}

// Sorts the keys from `begin` to the batch's end and writes their tokens to `ids`. Each thread counts the keys below its
// own, which is returned; threads without one get all bits.
inline uint64_t list_batch(Scores scores, uint64_t begin, Batch batch, Threads at, threadgroup atomic_uint* counter,
                           threadgroup uint64_t* keys, device int* ids) {
  if (at.index == 0) atomic_store_explicit(counter, 0u, memory_order_relaxed);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint i = 4 * at.index; i < scores.count; i += 4 * THREADS) {
    FourKeys some = scores.four(i);
    for (uint j = 0; j < 4; j++) {
      if (some.key[j] >= begin && some.key[j] < batch.end) {
        keys[atomic_fetch_add_explicit(counter, 1u, memory_order_relaxed)] = some.key[j];
      }
    }
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  uint64_t own = ~uint64_t(0);
  if (at.index < batch.count) {
    own = keys[at.index];
    uint rank = 0;
    for (uint i = 0; i < batch.count; i++) rank += keys[i] < own ? 1 : 0;
    ids[rank] = int(uint(own) & ((1u << ID_BITS) - 1u));
  }
  threadgroup_barrier(mem_flags::mem_device | mem_flags::mem_threadgroup);
  return own;
}
