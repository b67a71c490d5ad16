/**
 * An object store in a bucket of S3, or of what speaks its protocol: MinIO, Ceph, Wasabi, B2.
 *
 * <p>It says what a bucket does with versions, locks and storage classes (docs/formats/stores.md);
 * it neither retries nor throttles, and knows nothing of what the objects hold.
 */
@NullMarked
package io.sendense.repository.s3;

import org.jspecify.annotations.NullMarked;
