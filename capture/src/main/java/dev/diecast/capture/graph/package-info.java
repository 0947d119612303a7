/** The traced graph: primitive operations on symbolic values. */
package dev.diecast.capture.graph;
