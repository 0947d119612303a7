/**
 * What jextract made of {@code src/main/native/metal_abi.h}: struct layouts and function
 * descriptors. The sources lie in {@code src/main/generated} and are never edited; {@code ./mvnw
 * -pl bindings -Pregenerate initialize} makes them anew where jextract is installed, and a test
 * compares.
 */
@org.jspecify.annotations.NullUnmarked
package dev.diecast.bindings.metal.abi;
