/** The public runtime API: sessions and generation. */
package dev.diecast.replay;
