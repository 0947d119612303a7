// Snippets that the rule check must accept or refuse. Each starts with a line //! NAME: VERDICT, where
// the verdict is `pass`, or a rule (`declarations` for what the parser says) and a part of the message.
// The includes and `using namespace metal` are put in front of each; line 1 is the one after //!.

//! scaling: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = x[tid] * p.e;
}

//! double literal is a float: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = x[tid] * 2.0 + 1e-3;
}

//! copy of a constant struct: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  P q = p;
  y[tid] = q.e;
}

//! assignment of a constant struct: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  P q;
  q = p;
  y[tid] = q.e;
}

//! copy of a device struct: pass
struct B { half d; int8_t q[32]; };
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  device const B* blocks = (device const B*)x;
  B b = blocks[tid];
  y[tid] = float(b.d) * b.q[0];
}

//! constant struct by value: pass
struct P;
struct P1 { float e; };
constant P1 one = {1.0f};
static float g(P1 q) { return q.e; }
template <class T> float f(constant T& q) { return q.e + g(one); }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = f(p);
}

//! method on a thread struct: pass
struct Q { float e; float twice() const thread { return 2.0f * e; } };
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  Q q = {x[tid]};
  y[tid] = q.twice();
}

//! anonymous union: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  union { uint u; float f; } u;
  u.f = x[tid];
  y[tid] = float(u.u);
}

//! named union with a struct: pass
union U { uint whole; struct { ushort low; ushort high; } parts; };
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  U u;
  u.whole = as_type<uint>(x[tid]);
  y[tid] = u.parts.low;
}

//! implicit constructor of a struct: pass
struct V { float a; float b; };
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  V v;
  V w = v;
  w.a = x[tid];
  v = w;
  y[tid] = v.a;
}

//! struct returned by value: pass
struct V { float a; };
static V make(float a) { V v; v.a = a; return v; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  V v = make(x[tid]);
  y[tid] = v.a;
}

//! constructor of one's own: pass
struct V { float a; V(float b) : a(b) {} };
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  V v(x[tid]);
  y[tid] = v.a;
}

//! select by a bool vector: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float4 a = float4(x[tid]);
  y[tid] = select(a, -a, a < float4(2.0f)).x;
}

//! vector swizzles: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float4 a = float4(x[tid], 1.0f, 2.0f, 3.0f);
  a.xy = a.zw;
  y[tid] = dot(a.xyz, a.wzy) + a.yx.x;
}

//! vector from vectors: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float4 a = float4(float2(x[tid]), float2(1.0f, 2.0f));
  y[tid] = a.w;
}

//! conversion of vectors: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  half4 h = half4(1.0h);
  float4 f = float4(h);
  y[tid] = f.x + float(h.y);
}

//! wide load: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float4 a = ((device const float4*)x)[tid];
  y[tid] = a.x + a.w;
}

//! threadgroup array with a barrier: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  threadgroup float s[32];
  s[tid % 32] = x[tid];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  y[tid] = s[31 - tid % 32];
}

//! threadgroup array in a block: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  if (p.n > 4) {
    threadgroup float s[32];
    s[tid % 32] = x[tid];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    y[tid] = s[31 - tid % 32];
  }
}

//! threadgroup memory given to a helper: pass
static void put(threadgroup float* s, uint i, float v) { s[i] = v; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  threadgroup float s[32];
  put(s, tid % 32, x[tid]);
  y[tid] = s[tid % 32];
}

//! helper over address spaces by template: pass
constant float p2[2] = {1.0f, 2.0f};
template <typename P> float first(P p) { return p[0]; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = first(x) + first(p2);
}

//! reference to thread memory: pass
static void twice(thread float& a) { a *= 2.0f; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float a = x[tid];
  twice(a);
  y[tid] = a;
}

//! simd functions: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float s = simd_sum(x[tid]);
  s += simd_shuffle_xor(s, 1) + simd_max(s) + simd_broadcast_first(s);
  y[tid] = s;
}

//! atomics on device memory: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  device atomic_uint* c = (device atomic_uint*)y;
  atomic_fetch_add_explicit(c, 1, memory_order_relaxed);
  uint v = atomic_load_explicit(c, memory_order_relaxed);
  atomic_store_explicit(c, v, memory_order_relaxed);
}

//! simdgroup matrices: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  simdgroup_float8x8 a, b;
  simdgroup_float8x8 c = make_filled_simdgroup_matrix<float, 8>(0.0f);
  simdgroup_load(a, x, 8);
  simdgroup_load(b, x + 64, 8);
  simdgroup_multiply_accumulate(c, a, b, c);
  simdgroup_store(c, y, 8);
}

//! table in constant memory: pass
constant float table[4] = {1.0f, 2.0f, 3.0f, 4.0f};
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = table[tid % 4];
}

//! constexpr constants: pass
constexpr constant int N = 4;
constant int M = N - 1;
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float s[N];
  for (int i = 0; i < N; i++) s[i] = x[i];
  y[tid] = s[M];
}

//! bfloat arithmetic: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  bfloat a = bfloat(x[tid]);
  device const bfloat* w = (device const bfloat*)x;
  y[tid] = float(a) * float(w[tid]);
}

//! shadowed names and overloads: pass
static float f(float a) { return a; }
static float f(float4 a) { return f(a.x) + f(a.y); }
static float f(int a) { return f(float(a)); }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = f(x[tid]) + f(float4(x[tid])) + f(1);
}

//! recursive template that ends: pass
template <int N> float power(float a) { if constexpr (N == 0) { return 1.0f; } else { return a * power<N - 1>(a); } }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = power<3>(x[tid]);
}

//! int64_t indices: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  int64_t i = int64_t(tid) * int64_t(p.n);
  uint64_t j = uint64_t(i);
  y[j] = x[i];
}

//! unrolled loop: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float s = 0.0f;
#pragma unroll
  for (short i = 0; i < 4; i++) s += x[4 * tid + i];
  y[tid] = s;
}

//! bool operators and ternaries: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  bool odd = (tid & 1) != 0 && p.n > 2;
  y[tid] = odd ? x[tid] : -x[tid];
}

//! as_type between equal sizes: pass
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = as_type<float>(as_type<uint>(x[tid]) ^ 0x80000000u) + float(as_type<half2>(tid).x);
}

//! enum class: pass
enum class Mode : uint { once, twice };
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  Mode m = Mode(p.n);
  y[tid] = m == Mode::twice ? 2.0f * x[tid] : x[tid];
}

//! function constants: pass
constant uint rows [[function_constant(0)]];
constant int up_type [[function_constant(1)]];
constant bool has_up = up_type >= 0;
kernel void k(device float* y [[buffer(0)]], device const half* up [[buffer(1), function_constant(has_up)]],
              uint tid [[thread_position_in_grid]]) {
  if (has_up) {
    y[tid] = float(up[tid * rows]);
  }
}

//! template with instantiations: pass
template <typename T, int N>
kernel void scale(device const T* x, device T* y, uint tid [[thread_position_in_grid]]) {
  threadgroup T s[N];
  s[tid % N] = x[tid];
  y[tid] = s[tid % N] * T(2);
}
template [[host_name("scale_f32")]] kernel void scale<float, 32>(device const float*, device float*, uint);
typedef decltype(scale<half, 16>) scale_half;
template [[host_name("scale_f16")]] kernel scale_half scale<half, 16>;

//! kernel as an attribute: pass
[[kernel]] [[max_total_threads_per_threadgroup(256)]] void k(device float* y, constant float& a,
    uint3 tg [[threadgroup_position_in_grid]], ushort lane [[thread_index_in_simdgroup]]) {
  y[tg.x * 32 + lane] = a;
}

//! implicit buffer indices: pass
kernel void k(device const float* a, device float* b, constant uint& n, uint i [[thread_position_in_grid]]) {
  if (i < n) b[i] = a[i];
}

//! comments in odd places: pass
// kernel void no(float* x) {}
/* kernel int no() { */
kernel /* a */ void k(device /* b */ float* y [[buffer(0 /* c */)]], // d
                      uint i [[thread_position_in_grid]]) { y[i] = 1.0f; /* long double goto */ }

//! matrices in all address spaces: pass
kernel void k(device float4x4* y, constant float4x4& c, device half4x4* h, uint tid [[thread_position_in_grid]]) {
  float4x4 m = y[tid];
  threadgroup float4x4 t;
  t = m;
  m = c;
  m[0] = y[tid][1];
  m[1][2] = float(h[tid][2][1]);
  y[tid] = m * t;
  h[tid] = half4x4(m);
}

//! pointers to bool, bfloat and structs with methods: pass
struct Pair { float a; float sum() const device { return 2.0f * a; } };
kernel void k(device bool* y, device const bfloat* x, device const Pair* p, uint tid [[thread_position_in_grid]]) {
  y[tid] = x[tid] > p[tid].sum();
}

//! functions as template arguments: pass
template <typename T> void widen(device const half* x, short i, thread T& r) { r = T(x[i]); }
template <typename T, void (*load)(device const half*, short, thread T&)>
kernel void k(device const half* x, device T* y, uint tid [[thread_position_in_grid]]) {
  T r;
  load(x, short(tid), r);
  y[tid] = r;
}
typedef decltype(k<float, widen>) kernel_type;
template [[host_name("k_f32")]] kernel kernel_type k<float, widen>;

//! kernel pointer without a space: declarations "neither a buffer"
kernel void k(float* x [[buffer(0)]]) { x[0] = 1.0f; }

//! helper pointer without a space: unqualified-pointer "'q' is a pointer or reference"
static void f(float* q) { *q = 2.0f; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float a = 1.0f;
  f(&a);
  y[tid] = a;
}

//! helper reference without a space: unqualified-pointer "'q' is a pointer or reference"
static void f(float& q) { q = 2.0f; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float a = 1.0f;
  f(a);
  y[tid] = a;
}

//! unnamed pointer argument without a space: unqualified-pointer "this argument is a pointer"
static void f(float*);
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = 1.0f;
}

//! local pointer without a space: unqualified-pointer "'q' is"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float a = x[tid];
  float* q = &a;
  y[tid] = *q;
}

//! field without a space: unqualified-pointer "'q' is"
struct S { float* q; };
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  S s;
  y[tid] = 1.0f;
}

//! typedef without a space: unqualified-pointer "'pointer' is"
typedef float* pointer;
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = 1.0f;
}

//! returned pointer without a space: unqualified-pointer "'f' returns"
static const float* f(device const float* q) { return q; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = *f(x);
}

//! pointer in a template without a space: unqualified-pointer "'q' is"
template <typename T> T f(const T* q) { return *q; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float a = x[tid];
  y[tid] = f<float>(&a);
}

//! cast to an unqualified pointer: unqualified-pointer "a cast to"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = ((const float4*)x)[0].x;
}

//! reinterpret_cast to an unqualified pointer: unqualified-pointer "a cast to"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = *reinterpret_cast<const float*>(x);
}

//! device pointer given as thread: address-space "thread"
static float f(thread const float* q) { return *q; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = f(x);
}

//! device pointer given as constant: address-space "constant"
static float f(constant float* q) { return *q; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = f(x);
}

//! threadgroup memory given as device: address-space "device"
static float f(device float* q) { return *q; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  threadgroup float s[4];
  s[0] = 1.0f;
  y[tid] = f(s);
}

//! thread memory given as threadgroup: address-space "threadgroup"
static float f(threadgroup float* q) { return *q; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float s[4];
  y[tid] = f(s);
}

//! constant reference given as device: address-space "device"
struct P;
static float f(device const P& q);
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = f(p);
}

//! cast from device to thread: address-space "thread"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  thread float* q = (thread float*)y;
  y[tid] = *q;
}

//! pointer to threadgroup memory kept as device: address-space "device"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  threadgroup float s[4];
  device float* q = s;
  y[tid] = q[0];
}

//! atomic on thread memory: language "no matching function"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  atomic_uint a;
  y[tid] = float(atomic_load_explicit(&a, memory_order_relaxed));
}

//! write to const device memory: language "read-only"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  x[tid] = 1.0f;
}

//! write through a const cast pointer: language "read-only"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  ((device const float*)y)[tid] = 1.0f;
}

//! write to constant memory: language "read-only"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  p.n = 1;
}

//! threadgroup variable in a helper: address-space "non-kernel function"
static float f() { threadgroup float s[4]; return s[0]; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = f();
}

//! threadgroup variable with a value: threadgroup-initialiser "'s' cannot have"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  threadgroup float s = 1.0f;
  y[tid] = s;
}

//! threadgroup array with values: threadgroup-initialiser "'s' cannot have"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  threadgroup float s[2] = {1.0f, 2.0f};
  y[tid] = s[tid & 1];
}

//! constant without a value: address-space "must be initialized"
constant float t[2];
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = t[0];
}

//! array sized by a value: language "array size is not a constant"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float a[p.n];
  a[0] = 1.0f;
  y[tid] = a[0];
}

//! array sized by a function constant: language "array size is not a constant"
constant uint n [[function_constant(0)]];
kernel void k(device float* y) { float a[n]; a[0] = 1.0f; y[0] = a[0]; }

//! static local variable: address-space "must reside in constant"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  static int c = 0;
  y[tid] = float(c++);
}

//! global variable: address-space "must reside in constant"
float g = 1.0f;
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = g;
}

//! thread_local variable: language "thread_local"
thread_local float g = 1.0f;
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = g;
}

//! double variable: language "double"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  double d = 1.0;
  y[tid] = float(d);
}

//! long variable: long "write int64_t"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  long i = tid;
  y[i] = 1.0f;
}

//! ulong argument: long "write uint64_t"
static uint f(ulong i) { return uint(i); }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[f(tid)] = 1.0f;
}

//! new: language "new"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = *(new float(1.0f));
}

//! virtual function: language "virtual"
struct V { virtual float f() { return 1.0f; } };
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = 1.0f;
}

//! exceptions: language "exceptions"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  try {
    y[tid] = 1.0f;
  } catch (...) {
  }
}

//! typeid: language "typeid"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = typeid(float).hash_code();
}

//! dynamic_cast: language "dynamic_cast"
struct V { float a; };
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  V v;
  y[tid] = dynamic_cast<thread V&>(v).a;
}

//! goto: goto "no goto"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  goto l;
l:
  y[tid] = 1.0f;
}

//! recursion: recursion "'f' calls itself"
static float f(int n) { return n == 0 ? 0.0f : f(n - 1) + 1.0f; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = f(3);
}

//! recursion of two: recursion "'g' calls itself"
static float g(int n);
static float f(int n) { return n == 0 ? 0.0f : g(n - 1); }
static float g(int n) { return f(n) + 1.0f; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = f(3);
}

//! recursive template: recursion "'f' calls itself"
template <typename T> T f(int n) { return n == 0 ? T(0) : f<T>(n - 1); }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = f<float>(3);
}

//! lambda: lambda "no lambdas"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  auto f = [&](float a) { return a + 1.0f; };
  y[tid] = f(x[tid]);
}

//! function pointer: language "'g' is a pointer to a function"
static float f(float a) { return a; }
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float (*g)(float) = f;
  y[tid] = g(1.0f);
}

//! std: language "std"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = std::max(1.0f, x[tid]);
}

//! CUDA intrinsic: language "__shfl_sync"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = __shfl_sync(0xffffffff, x[tid], 0);
}

//! printf: language "printf"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  printf("%f", x[tid]);
}

//! unknown name: language "undeclared identifier 'z'"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = z[tid];
}

//! missing semicolon: language "expected ';'"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float a = x[tid]
  y[tid] = a;
}

//! half4 to float4 without a conversion: language "cannot initialize a variable of type 'float"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  half4 h = half4(1.0h);
  float4 f = h;
  y[tid] = f.x;
}

//! int4 to float4 without a conversion: language "cannot initialize a variable of type 'float"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  int4 h = int4(1);
  float4 f = h;
  y[tid] = f.x;
}

//! float4 to float: language "cannot initialize a variable of type 'float"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float4 h = float4(1.0f);
  float f = h;
  y[tid] = f;
}

//! float4 of three components: language "wrong number of components"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float4 h = float4(1.0f, 2.0f, 3.0f);
  y[tid] = h.x;
}

//! float4 of a pointer: language "not a number or a vector"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float4 h = float4(x);
  y[tid] = h.x;
}

//! as_type of another size: language "as_type: the sizes differ"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  y[tid] = as_type<float>(ushort(3));
}

//! swizzle out of range: language "exceeds"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  float2 v = float2(1.0f);
  y[tid] = v.z;
}

//! half4 times float4: language "implicit conversions between vector types"
struct P { uint n; float e; };
kernel void k(device const float* x [[buffer(0)]], device float* y [[buffer(1)]],
              constant P& p [[buffer(2)]], uint tid [[thread_position_in_grid]]) {
  half4 h = half4(1.0h);
  float4 f = float4(1.0f);
  y[tid] = (h * f).x;
}

//! grid attribute on a float: declarations "is made of uint or ushort, not float"
kernel void k(device float* y [[buffer(0)]], float t [[thread_position_in_grid]]) { y[0] = t; }

//! vector for a scalar attribute: declarations "is a scalar, not uint3"
kernel void k(device float* y [[buffer(0)]], uint3 t [[thread_index_in_simdgroup]]) { y[0] = t.x; }

//! grid attribute on a pointer: declarations "a place in the grid is a value"
kernel void k(device float* y, device uint* t [[thread_position_in_grid]]) { y[0] = t[0]; }

//! unknown attribute: declarations "unknown attribute 'thread_index_in_warp'"
kernel void k(device float* y [[buffer(0)]], uint t [[thread_index_in_warp]]) { y[0] = t; }

//! unknown attribute of a kernel: declarations "unknown attribute 'vertex'"
[[vertex]] kernel void k(device float* y [[buffer(0)]]) { y[0] = 1.0f; }

//! index used twice: declarations "buffer(0) is taken"
kernel void k(device float* y [[buffer(0)]],
              device float* z [[buffer(0)]]) { y[0] = z[0]; }

//! kernel that returns a value: declarations "must return void"
kernel float k(device float* y [[buffer(0)]]) { return y[0]; }

//! argument of no kind: declarations "neither a buffer"
kernel void k(device float* y [[buffer(0)]], uint n) { y[0] = n; }

//! pointer to a pointer: declarations "one pointer or one reference"
kernel void k(device float* device* y [[buffer(0)]]) { y[0][0] = 1.0f; }

//! function constant that is not there: declarations "no function constant is named has_up"
kernel void k(device float* y [[buffer(0), function_constant(has_up)]]) { y[0] = 1.0f; }

//! function constant number used twice: declarations "function constant 0 is a already"
constant int a [[function_constant(0)]];
constant int b [[function_constant(0)]];
kernel void k(device float* y) { y[0] = a + b; }

//! instantiation of nothing: declarations "no template of kernels is named g"
template [[host_name("g")]] kernel void g<float>(device float*);

//! two kernels of one name: declarations "two kernels are named k"
template <typename T> kernel void f(device T* y) { y[0] = T(1); }
template [[host_name("k")]] kernel void f<float>(device float*);
template [[host_name("k")]] kernel void f<half>(device half*);

//! brace that is never closed: declarations "this '{' is never closed"
kernel void k(device float* y [[buffer(0)]]) { y[0] = 1.0f;

//! brace too many: declarations "this '}' closes nothing"
kernel void k(device float* y [[buffer(0)]]) { y[0] = 1.0f; } }

//! comment that is never closed: declarations "this comment is never closed"
kernel void k(device float* y [[buffer(0)]]) { y[0] = 1.0f; } /* and then
