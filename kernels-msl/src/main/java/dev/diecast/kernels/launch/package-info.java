/** How many threads a kernel's dispatch takes on a GPU. */
package dev.diecast.kernels.launch;
