// All names of two to four components, as members that overlay a vector's storage: v.xy, v.wzyx ...
// MSL_SWIZZLESn declares those of a vector of n elements of a type named T.
#pragma once

#define MSL_NAME2(N, a, i, b, j) swizzle<T, N, i, j> a##b;
#define MSL_NAME3(N, a, i, b, j, c, k) swizzle<T, N, i, j, k> a##b##c;
#define MSL_NAME4(N, a, i, b, j, c, k, d, l) swizzle<T, N, i, j, k, l> a##b##c##d;

// MSL_EACHn(M, N, names and indices so far): M once for each component x, y, ... of a vector of n elements.
#define MSL_EACH2(M, ...) M(__VA_ARGS__, x, 0) M(__VA_ARGS__, y, 1)
#define MSL_EACH3(M, ...) MSL_EACH2(M, __VA_ARGS__) M(__VA_ARGS__, z, 2)
#define MSL_EACH4(M, ...) MSL_EACH3(M, __VA_ARGS__) M(__VA_ARGS__, w, 3)
// The preprocessor does not expand a macro inside itself, so the levels have names of their own.
#define MSL_DEEP2(M, ...) M(__VA_ARGS__, x, 0) M(__VA_ARGS__, y, 1)
#define MSL_DEEP3(M, ...) MSL_DEEP2(M, __VA_ARGS__) M(__VA_ARGS__, z, 2)
#define MSL_DEEP4(M, ...) MSL_DEEP3(M, __VA_ARGS__) M(__VA_ARGS__, w, 3)
#define MSL_DEEPER2(M, ...) M(__VA_ARGS__, x, 0) M(__VA_ARGS__, y, 1)
#define MSL_DEEPER3(M, ...) MSL_DEEPER2(M, __VA_ARGS__) M(__VA_ARGS__, z, 2)
#define MSL_DEEPER4(M, ...) MSL_DEEPER3(M, __VA_ARGS__) M(__VA_ARGS__, w, 3)
#define MSL_DEEPEST2(M, ...) M(__VA_ARGS__, x, 0) M(__VA_ARGS__, y, 1)
#define MSL_DEEPEST3(M, ...) MSL_DEEPEST2(M, __VA_ARGS__) M(__VA_ARGS__, z, 2)
#define MSL_DEEPEST4(M, ...) MSL_DEEPEST3(M, __VA_ARGS__) M(__VA_ARGS__, w, 3)

#define MSL_TWO2(N, a, i) MSL_DEEP2(MSL_NAME2, N, a, i)
#define MSL_TWO3(N, a, i) MSL_DEEP3(MSL_NAME2, N, a, i)
#define MSL_TWO4(N, a, i) MSL_DEEP4(MSL_NAME2, N, a, i)
#define MSL_THREE2_(N, a, i, b, j) MSL_DEEPER2(MSL_NAME3, N, a, i, b, j)
#define MSL_THREE3_(N, a, i, b, j) MSL_DEEPER3(MSL_NAME3, N, a, i, b, j)
#define MSL_THREE4_(N, a, i, b, j) MSL_DEEPER4(MSL_NAME3, N, a, i, b, j)
#define MSL_THREE2(N, a, i) MSL_DEEP2(MSL_THREE2_, N, a, i)
#define MSL_THREE3(N, a, i) MSL_DEEP3(MSL_THREE3_, N, a, i)
#define MSL_THREE4(N, a, i) MSL_DEEP4(MSL_THREE4_, N, a, i)
#define MSL_FOUR2__(N, a, i, b, j, c, k) MSL_DEEPEST2(MSL_NAME4, N, a, i, b, j, c, k)
#define MSL_FOUR3__(N, a, i, b, j, c, k) MSL_DEEPEST3(MSL_NAME4, N, a, i, b, j, c, k)
#define MSL_FOUR4__(N, a, i, b, j, c, k) MSL_DEEPEST4(MSL_NAME4, N, a, i, b, j, c, k)
#define MSL_FOUR2_(N, a, i, b, j) MSL_DEEPER2(MSL_FOUR2__, N, a, i, b, j)
#define MSL_FOUR3_(N, a, i, b, j) MSL_DEEPER3(MSL_FOUR3__, N, a, i, b, j)
#define MSL_FOUR4_(N, a, i, b, j) MSL_DEEPER4(MSL_FOUR4__, N, a, i, b, j)
#define MSL_FOUR2(N, a, i) MSL_DEEP2(MSL_FOUR2_, N, a, i)
#define MSL_FOUR3(N, a, i) MSL_DEEP3(MSL_FOUR3_, N, a, i)
#define MSL_FOUR4(N, a, i) MSL_DEEP4(MSL_FOUR4_, N, a, i)

#define MSL_SWIZZLES2 MSL_EACH2(MSL_TWO2, 2) MSL_EACH2(MSL_THREE2, 2) MSL_EACH2(MSL_FOUR2, 2)
#define MSL_SWIZZLES3 MSL_EACH3(MSL_TWO3, 3) MSL_EACH3(MSL_THREE3, 3) MSL_EACH3(MSL_FOUR3, 3)
#define MSL_SWIZZLES4 MSL_EACH4(MSL_TWO4, 4) MSL_EACH4(MSL_THREE4, 4) MSL_EACH4(MSL_FOUR4, 4)
