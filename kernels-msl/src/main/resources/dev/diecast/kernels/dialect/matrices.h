// matrix<T, C, R>: C columns of R elements.
#pragma once
#include "bits.h"

namespace msl {

template <class T, int C, int R> struct matrix {
  typedef vec<T, R> column;
  column c[C];

  matrix() = default;
  MSL_FN explicit matrix(float diagonal) {
    for (int i = 0; i < C; i++) {
      for (int j = 0; j < R; j++) c[i].d[j] = T(i == j ? diagonal : 0.0f);
    }
  }
  template <class U> MSL_FN explicit matrix(const matrix<U, C, R>& o) {
    for (int i = 0; i < C; i++) c[i] = column(o.c[i]);
  }
  MSL_FN matrix(column a, column b) : c{a, b} {}
  MSL_FN matrix(column a, column b, column d) : c{a, b, d} {}
  MSL_FN matrix(column a, column b, column d, column e) : c{a, b, d, e} {}
  MSL_FN column& operator[](int i) { return c[i]; }
  MSL_FN const column& operator[](int i) const { return c[i]; }

  friend MSL_FN matrix operator*(const matrix& a, T s) {
    matrix r;
    for (int i = 0; i < C; i++) r.c[i] = a.c[i] * s;
    return r;
  }
  friend MSL_FN matrix operator*(T s, const matrix& a) { return a * s; }
  friend MSL_FN matrix operator+(const matrix& a, const matrix& b) {
    matrix r;
    for (int i = 0; i < C; i++) r.c[i] = a.c[i] + b.c[i];
    return r;
  }
  friend MSL_FN matrix operator-(const matrix& a, const matrix& b) {
    matrix r;
    for (int i = 0; i < C; i++) r.c[i] = a.c[i] - b.c[i];
    return r;
  }
  /** A column vector: the sum of columns scaled by its elements. */
  friend MSL_FN column operator*(const matrix& a, vec<T, C> x) {
    column r = a.c[0] * x.d[0];
    for (int i = 1; i < C; i++) r += a.c[i] * x.d[i];
    return r;
  }
  /** A row vector: its dot product with each column. */
  friend MSL_FN vec<T, C> operator*(column x, const matrix& a) {
    vec<T, C> r;
    for (int i = 0; i < C; i++) {
      r.d[i] = x.d[0] * a.c[i].d[0];
      for (int j = 1; j < R; j++) r.d[i] += x.d[j] * a.c[i].d[j];
    }
    return r;
  }
};

template <class T, int K, int C, int R>
MSL_FN matrix<T, C, R> operator*(const matrix<T, K, R>& a, const matrix<T, C, K>& b) {
  matrix<T, C, R> r;
  for (int i = 0; i < C; i++) r.c[i] = a * b.c[i];
  return r;
}

#define MSL_MATRICES(t)                                                                             \
  typedef matrix<t, 2, 2> t##2x2; typedef matrix<t, 2, 3> t##2x3; typedef matrix<t, 2, 4> t##2x4;   \
  typedef matrix<t, 3, 2> t##3x2; typedef matrix<t, 3, 3> t##3x3; typedef matrix<t, 3, 4> t##3x4;   \
  typedef matrix<t, 4, 2> t##4x2; typedef matrix<t, 4, 3> t##4x3; typedef matrix<t, 4, 4> t##4x4;
MSL_MATRICES(float)
MSL_MATRICES(half)
#undef MSL_MATRICES

}  // namespace msl
