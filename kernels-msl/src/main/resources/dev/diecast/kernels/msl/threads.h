// What the 1024 threads of one threadgroup sum up together, in integers: the result depends on no order.

enum { THREADS = 1024, SIMDGROUPS = 32 };

struct Threads {
  uint index;
  uint simdgroup;
  uint lane;
};

// simd operations take 32 bits, so larger numbers go through them in parts.
inline uint64_t sum_of_simdgroup(uint64_t x) {
  const uint mask = (1u << 27) - 1u;  // 32 of them add up within 32 bits
  uint64_t low = simd_sum(uint(x) & mask);
  uint64_t middle = simd_sum(uint(x >> 27) & mask);
  uint64_t high = simd_sum(uint(x >> 54));
  return low + (middle << 27) + (high << 54);
}

inline uint64_t from_lane(uint64_t x, uint lane) {
  uint low = simd_shuffle(uint(x), ushort(lane));
  uint high = simd_shuffle(uint(x >> 32), ushort(lane));
  return uint64_t(high) << 32 | low;
}

// The sum over the lanes below.
inline uint64_t sum_before(uint64_t x, uint lane) {
  uint64_t sum = x;
  for (uint d = 1; d < 32; d *= 2) {
    uint64_t low = simd_shuffle_up(uint(sum), ushort(d));
    uint64_t high = simd_shuffle_up(uint(sum >> 32), ushort(d));
    if (lane >= d) sum += high << 32 | low;
  }
  return sum - x;
}

inline uint64_t least_of_simdgroup(uint64_t x) {
  uint high = simd_min(uint(x >> 32));
  uint low = simd_min(uint(x >> 32) == high ? uint(x) : 0xffffffffu);
  return uint64_t(high) << 32 | low;
}

// The following have a barrier at both ends of their use of `slots`, one for each simdgroup.

// What the simdgroups bring, as one value of each lane.
inline uint64_t exchange(uint64_t x, Threads at, threadgroup uint64_t* slots) {
  if (at.lane == 0) slots[at.simdgroup] = x;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  uint64_t all = slots[at.lane];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  return all;
}

inline uint64_t sum_of_all(uint64_t x, Threads at, threadgroup uint64_t* slots) {
  return sum_of_simdgroup(exchange(sum_of_simdgroup(x), at, slots));
}

inline uint64_t least_of_all(uint64_t x, Threads at, threadgroup uint64_t* slots) {
  return least_of_simdgroup(exchange(least_of_simdgroup(x), at, slots));
}

// The sum over the threads below.
inline uint64_t sum_before_all(uint64_t x, Threads at, threadgroup uint64_t* slots) {
  uint64_t all = exchange(sum_of_simdgroup(x), at, slots);
  uint64_t groups = from_lane(sum_before(all, at.lane), at.simdgroup);
  return groups + sum_before(x, at.lane);
}
