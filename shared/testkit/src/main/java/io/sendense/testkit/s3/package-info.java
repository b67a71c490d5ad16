/**
 * Servers that speak S3, as child processes for tests.
 *
 * <p>VersityGW enforces Object Lock and computes checksums; moto knows storage classes and answers
 * like AWS, but enforces less. Neither is part of the product.
 */
@NullMarked
package io.sendense.testkit.s3;

import org.jspecify.annotations.NullMarked;
