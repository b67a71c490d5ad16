/**
 * Seeded runs of the whole engine: real jobs, real state databases and the real format on simulated
 * stores, sources and hosts, judged by a plain model of what every restore point must hold.
 *
 * <p>Nothing depends on it, and nothing here decides what the product does: it watches. One step of
 * one job is taken at a time, in an order drawn from the seed, so that a run can be repeated.
 */
@NullMarked
package io.sendense.simulation;

import org.jspecify.annotations.NullMarked;
