package io.sendense.recovery.proof;

import io.sendense.recovery.prove.DiskFiles;
import java.util.LinkedHashMap;
import java.util.Map;

/** A record as the members of its JSON document. */
final class RecordDocument {
  private RecordDocument() {}

  static Map<String, Object> of(ProofRecord record) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("proof", record.id().toString());
    all.put("vm", record.vm());
    all.put("point", record.point().toString());
    all.put("takenAt", record.takenAt().toString());
    all.put("startedAt", record.startedAt().toString());
    all.put("endedAt", record.endedAt().toString());
    all.put("acceleration", record.acceleration());
    all.put("processors", record.processors());
    all.put("memoryBytes", record.memoryBytes());
    all.put("passed", record.passed());
    record.recovery().ifPresent(time -> all.put("recoveryMillis", time.toMillis()));
    all.put("checks", record.checks().stream().map(RecordDocument::check).toList());
    all.put("disks", record.disks().stream().map(RecordDocument::disk).toList());
    all.put("artefacts", record.artefacts());
    return all;
  }

  private static Map<String, Object> check(ProofRecord.Made check) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("spec", check.spec());
    all.put("required", check.required());
    all.put("verdict", check.verdict());
    all.put("detail", check.detail());
    all.put("afterMillis", check.after().toMillis());
    return all;
  }

  private static Map<String, Object> disk(ProofRecord.Disk disk) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", disk.name());
    all.put("sizeBytes", disk.sizeBytes());
    all.put("root", disk.root());
    all.put("volumes", disk.files().stream().map(RecordDocument::volume).toList());
    return all;
  }

  private static Map<String, Object> volume(DiskFiles.VolumeFiles volume) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("volume", volume.volume());
    all.put("holds", volume.holds());
    all.put("read", volume.read());
    all.put("entries", volume.entries());
    all.put("complete", volume.complete());
    all.put("damage", volume.damage());
    return all;
  }
}
