/** Tests of the simulation itself, and a short run of it. */
@org.jspecify.annotations.NullMarked
package io.sendense.simulation;
