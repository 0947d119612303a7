/**
 * What a plan costs on a device: bytes, operations, predicted time and the bound that no plan
 * beats.
 */
package dev.diecast.capture.cost;
