/** Measurements of the NBD client, started by hand; docs/benchmarks/nbd.md says how. */
@NullMarked
package io.sendense.nbd.bench;

import org.jspecify.annotations.NullMarked;
