/**
 * Making a guest boot on another platform: what stands in its way, said before anything is written,
 * and the changes to its files that remove it. See docs/adr/0020.
 *
 * <p>Nothing of a guest's is executed here but its kernel, inside a virtual machine that has only
 * its own disks. It makes no virtual machines on any platform.
 */
@NullMarked
package io.sendense.recovery.convert;

import org.jspecify.annotations.NullMarked;
