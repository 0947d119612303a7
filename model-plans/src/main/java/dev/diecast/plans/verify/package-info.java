/**
 * The checks of the independent verifier. They know the records and the kernel contracts and share
 * nothing with the planner, so that one error in its reasoning is not repeated here.
 */
package dev.diecast.plans.verify;
