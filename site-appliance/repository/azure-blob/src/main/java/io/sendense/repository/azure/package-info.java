/**
 * An object store in an Azure Blob container: block blobs, immutability policies of versions, legal
 * holds and tiers.
 *
 * <p>It tries nothing twice, and makes no container.
 */
@NullMarked
package io.sendense.repository.azure;

import org.jspecify.annotations.NullMarked;
