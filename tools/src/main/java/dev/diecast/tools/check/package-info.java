/** Replayed plans held against the float64 interpreter, dispatch by dispatch. */
package dev.diecast.tools.check;
