package io.sendense.connectors.kvm;

import io.sendense.connectors.kvm.Hypervisor.BitmapRef;
import io.sendense.connectors.kvm.Owned.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes from one baseline's bitmap to the next without ever losing a write. From {@link #begin}
 * to the end both record, or the new one does; {@link #commit} drops the old one, {@link #rollBack}
 * adds what the new one saw to the old one. Each step is one transaction over all disks.
 *
 * <p>The new bitmap starts shortly before the instant of the capture and the old one stops shortly
 * after it, so a write in between is in both: each may say a little too much, never too little.
 */
final class BitmapRotation {
  private final Hypervisor vm;
  private final Owned owned;
  private final Rotation rotation;

  BitmapRotation(Hypervisor vm, Owned owned, Rotation rotation) {
    this.vm = vm;
    this.owned = owned;
    this.rotation = rotation;
  }

  void begin(List<QemuDisk> disks) {
    owned.add(rotation);
    List<ObjectNode> actions = new ArrayList<>();
    for (QemuDisk disk : disks) {
      if (disk.noBitmaps().isEmpty()) {
        actions.add(Hypervisor.addBitmap(new BitmapRef(disk.node(), rotation.added())));
      }
    }
    vm.transaction(actions);
  }

  /** Ends the old bitmaps; called after the instant. */
  void freeze(List<BitmapRef> old) {
    vm.transaction(old.stream().map(Hypervisor::disableBitmap).toList());
  }

  /** The new bitmap is the baseline's from now on. */
  void commit() {
    List<ObjectNode> actions = new ArrayList<>();
    for (QemuDisk disk : vm.disks()) {
      if (disk.bitmap(rotation.old()).filter(b -> !b.busy()).isPresent()) {
        actions.add(Hypervisor.removeBitmap(new BitmapRef(disk.node(), rotation.old())));
      }
    }
    vm.transaction(actions);
    owned.remove(rotation);
  }

  /**
   * The old bitmap stays the baseline's, with everything written meanwhile in it. Also after a
   * crash: then an old bitmap that is gone from all disks shows that the commit had happened.
   */
  void rollBack() {
    List<QemuDisk> disks = vm.disks();
    boolean committed =
        !rotation.old().isEmpty()
            && disks.stream().noneMatch(d -> d.bitmap(rotation.old()).isPresent());
    if (!committed) {
      List<ObjectNode> actions = new ArrayList<>();
      disks.forEach(disk -> rollBack(disk, actions));
      vm.transaction(actions);
    }
    owned.remove(rotation);
  }

  private void rollBack(QemuDisk disk, List<ObjectNode> actions) {
    Optional<DirtyBitmap> added = disk.bitmap(rotation.added());
    Optional<DirtyBitmap> old = disk.bitmap(rotation.old());
    if (added.isEmpty()) {
      // Never reached, or lost by a crash of QEMU, which loses the old one's state as well.
      return;
    }
    BitmapRef newRef = new BitmapRef(disk.node(), rotation.added());
    boolean sound = !added.get().inconsistent() && old.map(o -> !o.inconsistent()).orElse(false);
    if (old.map(DirtyBitmap::busy).orElse(false)) {
      // Someone else's doing; it was of no use to the capture either.
      actions.add(Hypervisor.removeBitmap(newRef));
      return;
    }
    if (sound) {
      actions.add(Hypervisor.enableBitmap(new BitmapRef(disk.node(), rotation.old())));
      actions.add(Hypervisor.mergeBitmap(newRef, rotation.old()));
    } else if (old.isPresent()) {
      actions.add(Hypervisor.removeBitmap(new BitmapRef(disk.node(), rotation.old())));
    }
    actions.add(Hypervisor.removeBitmap(newRef));
  }
}
