/**
 * Makes a repository too large to be written honestly, for the bench only. It lies in the package
 * of the format because nothing outside that package can seal an object. It is no part of the
 * product.
 */
@NullMarked
package io.sendense.repository.format;

import org.jspecify.annotations.NullMarked;
