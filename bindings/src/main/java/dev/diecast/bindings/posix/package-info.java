/** POSIX calls, each checked. */
package dev.diecast.bindings.posix;
