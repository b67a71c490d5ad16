/**
 * The words every part of the product shares: identifiers, ranges, editions and error codes.
 *
 * <p>It is not a place for behaviour that belongs to one part, and it depends on nothing.
 */
@NullMarked
package io.sendense.domain;

import org.jspecify.annotations.NullMarked;
