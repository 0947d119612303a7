/** Measured choices: which constants a kernel gets for a shape on a device. */
package dev.diecast.capture.tuning;
