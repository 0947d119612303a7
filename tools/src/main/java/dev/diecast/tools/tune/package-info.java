/** Measuring which choices suit this machine. */
package dev.diecast.tools.tune;
