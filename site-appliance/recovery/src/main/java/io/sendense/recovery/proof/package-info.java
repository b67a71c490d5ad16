/**
 * The signed record of a proof, as docs/formats/proof-record.md describes it: writing, signing,
 * verifying without anything else at hand, and the trend of a machine's former records.
 */
@NullMarked
package io.sendense.recovery.proof;

import org.jspecify.annotations.NullMarked;
