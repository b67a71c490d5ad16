/**
 * Guests that are small enough to boot in a second under software emulation and still are machines:
 * they boot from their own disk and write to another. No operating system is modelled.
 */
@NullMarked
package io.sendense.lab.guest;

import org.jspecify.annotations.NullMarked;
