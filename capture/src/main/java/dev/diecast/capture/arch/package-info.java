/** Architectures: one small class per model family. */
package dev.diecast.capture.arch;
