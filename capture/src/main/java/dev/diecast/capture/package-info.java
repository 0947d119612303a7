/** The planner's front door: a model in, a plan out. */
package dev.diecast.capture;
