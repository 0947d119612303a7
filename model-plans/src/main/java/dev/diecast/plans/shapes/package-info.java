/** Known model shapes, from which a plan compiles without weights. */
package dev.diecast.plans.shapes;
