/** Known model shapes, from which a plan compiles without weights, and synthetic files of them. */
package dev.diecast.plans.shapes;
