/** The plan: records, file format and verifier. */
package dev.diecast.plans;
