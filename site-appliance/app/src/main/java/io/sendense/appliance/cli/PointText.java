package io.sendense.appliance.cli;

import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.RestorePoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Restore points as documents and as lines of a table. */
final class PointText {
  private PointText() {}

  static Map<String, Object> document(RestorePoint point) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", point.id().toString());
    document.put("vm", point.vm());
    document.put("sequence", point.sequence());
    document.put("takenAt", point.takenAt().toString());
    document.put("createdAt", point.createdAt().toString());
    document.put("consistency", point.consistency().name().toLowerCase(java.util.Locale.ROOT));
    document.put("mode", point.annotations().getOrDefault("mode", ""));
    document.put("reason", point.annotations().getOrDefault("reason", ""));
    document.put("parent", point.parent().map(PointId::toString).orElse(""));
    document.put("bytesStored", point.statistics().bytesStored());
    List<Object> disks = new ArrayList<>();
    for (PointDisk disk : point.disks()) {
      Map<String, Object> inner = new LinkedHashMap<>();
      inner.put("index", disks.size());
      inner.put("name", disk.name());
      inner.put("sizeBytes", disk.sizeBytes());
      inner.put("chunkBytes", disk.chunkBytes());
      inner.put("root", disk.root().hex());
      disks.add(inner);
    }
    document.put("disks", disks);
    return document;
  }

  static String line(RestorePoint point) {
    long size = point.disks().stream().mapToLong(PointDisk::sizeBytes).sum();
    return String.format(
        java.util.Locale.ROOT,
        "%s  %s  %-16s %-11s %d disk%s, %s, %s stored",
        point.id(),
        point.createdAt().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
        point.vm(),
        point.annotations().getOrDefault("mode", ""),
        point.disks().size(),
        point.disks().size() == 1 ? "" : "s",
        Units.bytes(size),
        Units.bytes(point.statistics().bytesStored()));
  }
}
