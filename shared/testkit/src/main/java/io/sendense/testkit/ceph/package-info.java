/** A private Ceph cluster as child processes. Not for production code. */
@NullMarked
package io.sendense.testkit.ceph;

import org.jspecify.annotations.NullMarked;
