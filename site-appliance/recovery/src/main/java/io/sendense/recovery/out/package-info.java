/**
 * Copies of a guest's files: into a folder, a tar or a zip. Names and links are hostile, so nothing
 * here follows a link or writes through a name that was there before.
 */
@NullMarked
package io.sendense.recovery.out;

import org.jspecify.annotations.NullMarked;
