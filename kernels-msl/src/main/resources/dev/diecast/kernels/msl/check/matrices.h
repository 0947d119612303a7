// Matrices of columns.
#pragma once

namespace metal {
template <typename T, int C, int R>
struct matrix {
  vec<T, R> columns[C];
  matrix() = default;
  explicit matrix(T diagonal);
  template <class U>
  explicit matrix(matrix<U, C, R> other);
  template <class... V>
  explicit matrix(vec<T, R> first, vec<T, R> second, V... more);
  // A copy into thread memory, from wherever it comes.
#define MSL_FROM(space)                \
  matrix(const space matrix& other);   \
  template <class U>                   \
  explicit matrix(const space matrix<U, C, R>& other);
  MSL_FROM(__constant)
  matrix(const __global matrix& other);
  matrix(const __local matrix& other);
  matrix(const __private matrix& other);
#undef MSL_FROM
#define MSL_COLUMN(space)                    \
  space vec<T, R>& operator[](int) space;    \
  const space vec<T, R>& operator[](int) const space; \
  space matrix& operator=(matrix) space;
  MSL_COLUMN(__private)
  MSL_COLUMN(__global)
  MSL_COLUMN(__local)
#undef MSL_COLUMN
  const __constant vec<T, R>& operator[](int) const __constant;
};

template <typename T, int C, int R>
vec<T, R> operator*(matrix<T, C, R>, vec<T, C>);
template <typename T, int C, int R>
vec<T, C> operator*(vec<T, R>, matrix<T, C, R>);
template <typename T, int C, int R, int N>
matrix<T, N, R> operator*(matrix<T, C, R>, matrix<T, N, C>);
template <typename T, int C, int R>
matrix<T, C, R> operator*(matrix<T, C, R>, T);
template <typename T, int C, int R>
matrix<T, C, R> operator*(T, matrix<T, C, R>);
template <typename T, int C, int R>
matrix<T, C, R> operator+(matrix<T, C, R>, matrix<T, C, R>);
template <typename T, int C, int R>
matrix<T, C, R> operator-(matrix<T, C, R>, matrix<T, C, R>);
template <typename T, int C, int R>
matrix<T, R, C> transpose(matrix<T, C, R>);
} // namespace metal

#define MSL_MATRICES(T)                                                                     \
  typedef metal::matrix<T, 2, 2> T##2x2; typedef metal::matrix<T, 2, 3> T##2x3;             \
  typedef metal::matrix<T, 2, 4> T##2x4; typedef metal::matrix<T, 3, 2> T##3x2;             \
  typedef metal::matrix<T, 3, 3> T##3x3; typedef metal::matrix<T, 3, 4> T##3x4;             \
  typedef metal::matrix<T, 4, 2> T##4x2; typedef metal::matrix<T, 4, 3> T##4x3;             \
  typedef metal::matrix<T, 4, 4> T##4x4;
MSL_MATRICES(float)
MSL_MATRICES(half)
#undef MSL_MATRICES
