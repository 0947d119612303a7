/** The planner: traces one decode step of a model and compiles it into a plan. */
package dev.diecast.capture;
