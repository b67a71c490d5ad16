/**
 * KVM hosts through libvirt: an inventory, a source that captures running machines with {@code
 * virDomainBackupBegin} and checkpoints, and a target that makes machines of restored disks.
 *
 * <p>Libvirt's own C library is called through the JDK's foreign-function API; nothing is parsed
 * that virsh prints. It is not the way to a QEMU without libvirt, which is {@code connectors/kvm},
 * and it knows nothing of CloudStack or any other manager above libvirt.
 */
@NullMarked
package io.sendense.connectors.libvirt;

import org.jspecify.annotations.NullMarked;
