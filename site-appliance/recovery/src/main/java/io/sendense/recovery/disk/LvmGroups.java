package io.sendense.recovery.disk;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.BlockSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the physical volumes of LVM2 and puts together what their metadata describes. */
final class LvmGroups {
  private final List<String> notes;
  private final Map<String, BlockSource> physical = new HashMap<>();
  private final Map<String, LvmGroup> groups = new LinkedHashMap<>();

  LvmGroups(List<String> notes) {
    this.notes = notes;
  }

  /** Whether it is a physical volume, which then counts as part of its group only. */
  boolean took(GuestVolume volume) {
    try {
      LvmPhysical found = LvmPhysical.read(volume.source()).orElse(null);
      if (found == null) {
        return false;
      }
      physical.put(found.id(), volume.source());
      for (String text : found.metadata()) {
        LvmGroup group = LvmGroup.parse(text);
        groups.merge(
            group.id(), group, (one, other) -> one.sequence() >= other.sequence() ? one : other);
      }
    } catch (SendenseException e) {
      notes.add(volume.name() + ": " + e.getMessage());
    }
    return true;
  }

  List<GuestVolume> volumes() {
    List<GuestVolume> found = new ArrayList<>();
    for (LvmGroup group : groups.values()) {
      found.addAll(group.volumes(physical, notes));
    }
    return found;
  }
}
