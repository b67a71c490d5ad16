/**
 * The virtual machine of the story: a real Debian kernel in QEMU whose writer acknowledges each
 * record only when it is durable, and the proof that a restored disk holds what was acknowledged.
 *
 * <p>It is not a part of the product and knows nothing of backups.
 */
@NullMarked
package io.sendense.demo.guest;

import org.jspecify.annotations.NullMarked;
