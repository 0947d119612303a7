/**
 * Kernels compiled ahead of time: libraries for any Metal GPU, pipelines for the one that is here.
 */
package dev.diecast.tools.pipelines;
