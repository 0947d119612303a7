/** Between plan records and the bytes of {@code plan.proto}. */
package dev.diecast.plans.codec;
