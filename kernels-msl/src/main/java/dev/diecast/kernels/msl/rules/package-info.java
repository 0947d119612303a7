/** What Apple's compiler would refuse in a kernel, found without it. */
package dev.diecast.kernels.msl.rules;
