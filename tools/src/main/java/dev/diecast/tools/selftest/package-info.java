/** Whether a device computes what it should, on the machine of whoever asks. */
package dev.diecast.tools.selftest;
