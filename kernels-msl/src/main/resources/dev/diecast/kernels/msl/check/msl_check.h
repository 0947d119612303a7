// The surface of MSL as declarations for clang's C++ for OpenCL, which has real address spaces.
// Nothing here is ever run: what matters is which program text compiles.
#pragma once
#pragma OPENCL EXTENSION cl_khr_fp16 : enable
// MSL takes functions as template arguments; other pointers to them are found in the syntax tree.
#pragma OPENCL EXTENSION __cl_clang_function_pointers : enable

#define __METAL_VERSION__ 310
#define device __global
#define constant __constant
#define threadgroup __local
#define thread __private

// What the translation puts in place of kernel heads and constants.
#define MSL_KERNEL_FN kernel
#define MSL_KERNEL_TEMPLATE static
#define MSL_PROGRAM_CONSTANT constant
#define MSL_FUNCTION_CONSTANT(type, name, id) extern constant type name;
#define is_function_constant_defined(name) true
#define METAL_FUNC inline

#include "scalars.h"
#include "traits.h"
#include "vectors.h"
#include "math.h"
#include "matrices.h"
#include "synchronisation.h"
#include "atomics.h"
