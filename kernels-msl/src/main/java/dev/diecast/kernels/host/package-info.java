/**
 * Runs MSL kernels on this machine: the text is translated to C++, compiled by clang and executed
 * with one fiber per thread; in the checked mode every access to memory is examined.
 */
@NullMarked
package dev.diecast.kernels.host;

import org.jspecify.annotations.NullMarked;
