/**
 * Metal Shading Language as text: what its declarations say, and what it reads like in the dialects
 * of C++ that run or check it away from Metal.
 */
package dev.diecast.kernels.msl;
