/**
 * What every kernel is tried with: shapes from real models and awkward ones, with the results that
 * float64 gives. Devices are tested and timed with the same list.
 */
package dev.diecast.tools.cases;
