package io.sendense.recovery.convert;

import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.GuestFileSystem;

/** What can be told about a Windows guest. Nothing of it is changed. */
final class WindowsCheck {
  private final GuestTree tree;
  private final Target target;
  private final Draft draft;

  WindowsCheck(GuestVolume volume, GuestFileSystem system, Target target, Draft draft) {
    this.tree = new GuestTree(volume, system);
    this.target = target;
    this.draft = draft;
  }

  /** The name of the system. */
  String check() {
    draft.blocker(
        "system",
        "Windows guests are looked at and not changed yet: install the drivers of "
            + target.label()
            + " in the guest before the point is made");
    return tree.exists("/Windows/System32/ntoskrnl.exe") ? "Windows" : "Windows (no kernel found)";
  }
}
