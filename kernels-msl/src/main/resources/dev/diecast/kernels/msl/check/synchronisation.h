// Barriers, simdgroup and quadgroup functions, simdgroup matrices.
#pragma once

namespace metal {
enum class mem_flags : uint {
  mem_none = 0,
  mem_device = 1,
  mem_threadgroup = 2,
  mem_texture = 4,
  mem_threadgroup_imageblock = 8
};
constexpr mem_flags operator|(mem_flags a, mem_flags b) { return mem_flags((uint)a | (uint)b); }
void threadgroup_barrier(mem_flags) __attribute__((convergent));
void simdgroup_barrier(mem_flags) __attribute__((convergent));

struct simd_vote {
  typedef ulong vote_t;
  explicit simd_vote(vote_t);
  operator vote_t() const __private;
};
simd_vote simd_ballot(bool);
simd_vote simd_active_threads_mask();
bool simd_any(bool);
bool simd_all(bool);
bool simd_is_first();
bool quad_any(bool);
bool quad_all(bool);

#define MSL_LANES(T)                                                                       \
  T simd_sum(T); T simd_product(T); T simd_max(T); T simd_min(T); T simd_shuffle(T, ushort); \
  T simd_shuffle_xor(T, ushort); T simd_shuffle_down(T, ushort); T simd_shuffle_up(T, ushort); \
  T simd_shuffle_and_fill_down(T, T, ushort); T simd_shuffle_and_fill_up(T, T, ushort);     \
  T simd_shuffle_rotate_down(T, ushort); T simd_shuffle_rotate_up(T, ushort);              \
  T simd_broadcast(T, ushort); T simd_broadcast_first(T); T simd_prefix_inclusive_sum(T);  \
  T simd_prefix_exclusive_sum(T); T simd_prefix_inclusive_product(T);                      \
  T simd_prefix_exclusive_product(T); T quad_sum(T); T quad_max(T); T quad_min(T);         \
  T quad_shuffle(T, ushort); T quad_shuffle_xor(T, ushort); T quad_broadcast(T, ushort);   \
  T quad_shuffle_down(T, ushort); T quad_shuffle_up(T, ushort);
MSL_FLOATS(MSL_LANES)
MSL_INTEGERS(MSL_LANES)
#undef MSL_LANES
#define MSL_BITS(T) T simd_or(T); T simd_and(T); T simd_xor(T);
MSL_INTEGERS(MSL_BITS)
#undef MSL_BITS
bool simd_shuffle(bool, ushort);
bool simd_shuffle_down(bool, ushort);
bool simd_shuffle_xor(bool, ushort);
bool simd_broadcast(bool, ushort);
bool simd_or(bool);
bool simd_and(bool);

template <typename T, int C, int R>
struct simdgroup_matrix {
  T held[2];
  simdgroup_matrix() = default;
  explicit simdgroup_matrix(T diagonal);
  thread vec<T, 2>& thread_elements() __private;
};
template <typename T, int C, int R = C>
simdgroup_matrix<T, C, R> make_filled_simdgroup_matrix(T);

#define MSL_MEMORY(space)                                                                    \
  template <typename T, typename U>                                                          \
  void simdgroup_load(thread simdgroup_matrix<T, 8, 8>&, const space U*, ulong stride = 8,   \
                      ulong2 origin = ulong2(0), bool transposed = false);                   \
  template <typename T, typename U>                                                          \
  void simdgroup_store(simdgroup_matrix<T, 8, 8>, space U*, ulong stride = 8,                \
                       ulong2 origin = ulong2(0), bool transposed = false);
MSL_MEMORY(__global)
MSL_MEMORY(__local)
#undef MSL_MEMORY
template <typename D, typename A, typename B, typename C>
void simdgroup_multiply_accumulate(
    thread simdgroup_matrix<D, 8, 8>&, simdgroup_matrix<A, 8, 8>, simdgroup_matrix<B, 8, 8>,
    simdgroup_matrix<C, 8, 8>);
template <typename D, typename A, typename B>
void simdgroup_multiply(
    thread simdgroup_matrix<D, 8, 8>&, simdgroup_matrix<A, 8, 8>, simdgroup_matrix<B, 8, 8>);
} // namespace metal

typedef metal::simdgroup_matrix<float, 8, 8> simdgroup_float8x8;
typedef metal::simdgroup_matrix<half, 8, 8> simdgroup_half8x8;
typedef metal::simdgroup_matrix<bfloat, 8, 8> simdgroup_bfloat8x8;
