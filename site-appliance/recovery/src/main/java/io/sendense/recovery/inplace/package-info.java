/**
 * Files of a point put back into a running guest through QEMU's agent in it: sent as a tar, read
 * back there, and only then moved to their place. It knows neither libvirt nor points; whoever uses
 * it brings the link to the agent and the files.
 */
@NullMarked
package io.sendense.recovery.inplace;

import org.jspecify.annotations.NullMarked;
