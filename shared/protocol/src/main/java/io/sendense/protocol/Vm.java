package io.sendense.protocol;

import io.sendense.domain.Platform;
import io.sendense.domain.VmId;
import java.util.List;

/**
 * A VM that an appliance sees.
 *
 * @param id given by the appliance when it first saw a VM of this name
 * @param isProtected whether a policy in force covers it
 */
public record Vm(VmId id, String name, Platform platform, List<VmDisk> disks, boolean isProtected) {
  public Vm {
    Bounds.required(id, "id");
    Bounds.text(name, Bounds.NAME, "name");
    Bounds.required(platform, "platform");
    disks = Bounds.list(disks, Bounds.DISKS, "disks");
  }
}
