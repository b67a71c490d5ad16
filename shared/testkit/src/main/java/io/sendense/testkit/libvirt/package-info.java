/** A private libvirt daemon and its machines, as child processes. Not for production code. */
@NullMarked
package io.sendense.testkit.libvirt;

import org.jspecify.annotations.NullMarked;
