/**
 * What every guest file system looks like to those who list, search and copy files: lazily, one
 * directory entry and one run of content at a time. It knows no format and writes nothing.
 */
@NullMarked
package io.sendense.recovery.fs;

import org.jspecify.annotations.NullMarked;
