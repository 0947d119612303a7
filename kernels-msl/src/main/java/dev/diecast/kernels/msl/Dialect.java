package dev.diecast.kernels.msl;

/** The languages that MSL text is compiled as away from Metal. */
public enum Dialect {
  /** C++20 for the host: {@code extern "C" void mslk_NAME(void** arguments)} per kernel. */
  HOST,
  /** CUDA C++ for NVRTC: {@code extern "C" __global__ NAME} per kernel. */
  CUDA,
  /** C++ for OpenCL, which knows address spaces; compiled for its errors only. */
  CHECK
}
