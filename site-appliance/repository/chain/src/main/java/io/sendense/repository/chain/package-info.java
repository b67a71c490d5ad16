/**
 * The open store kind: one plain qcow2 file per restore point and disk, each on the one before it,
 * readable and bootable by QEMU without us. See docs/formats/qcow2-chain.md.
 *
 * <p>It offers no immutability, no encryption and no deduplication; the sealed repository does.
 */
@NullMarked
package io.sendense.repository.chain;

import org.jspecify.annotations.NullMarked;
