/**
 * Times the appliance beside its peers: whole processes, the same data, in turns. Measures and
 * reports; it is not a test, and nothing in production depends on it.
 */
@NullMarked
package io.sendense.bench;

import org.jspecify.annotations.NullMarked;
