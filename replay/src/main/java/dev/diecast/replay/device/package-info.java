/** What a session needs of whatever runs its plan. */
package dev.diecast.replay.device;
