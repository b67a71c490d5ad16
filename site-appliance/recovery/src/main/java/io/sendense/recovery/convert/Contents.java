package io.sendense.recovery.convert;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.FileSystems;
import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.GuestFileSystem;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The guest's volumes with what is on each: a file system, swap space, or something else. */
final class Contents {
  private final List<GuestVolume> volumes;
  private final Map<String, GuestFileSystem> systems = new LinkedHashMap<>();
  private final Map<String, Swap> swaps = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Swap space.
   *
   * @param hibernated whether a machine's memory lies in it
   */
  record Swap(String uuid, String label, boolean hibernated) {}

  Contents(List<GuestVolume> volumes) {
    this.volumes = List.copyOf(volumes);
    for (GuestVolume volume : volumes) {
      Optional<Swap> swap = swap(volume.source());
      if (swap.isPresent()) {
        swaps.put(volume.name(), swap.get());
      } else if (FileSystems.readable(volume.source())) {
        try {
          systems.put(volume.name(), FileSystems.open(volume.source()));
        } catch (SendenseException e) {
          findings.add(
              new Finding(
                  Finding.Severity.WARNING,
                  "volume " + volume.name(),
                  String.valueOf(e.getMessage())));
        }
      }
    }
  }

  List<GuestVolume> volumes() {
    return volumes;
  }

  Map<String, GuestFileSystem> systems() {
    return systems;
  }

  Map<String, Swap> swaps() {
    return swaps;
  }

  /** What could not be read. */
  List<Finding> findings() {
    return findings;
  }

  /** By which fstab and the kernel find a volume on every platform; empty where it has none. */
  Optional<String> uuid(GuestVolume volume) {
    Swap swap = swaps.get(volume.name());
    if (swap != null) {
      return Optional.of(swap.uuid()).filter(uuid -> !uuid.isEmpty());
    }
    GuestFileSystem system = systems.get(volume.name());
    return system == null
        ? Optional.empty()
        : Optional.of(system.uuid()).filter(uuid -> !uuid.isEmpty() && unique(uuid));
  }

  private boolean unique(String uuid) {
    return systems.values().stream().filter(one -> one.uuid().equals(uuid)).count() == 1;
  }

  Optional<GuestVolume> byUuid(String uuid) {
    return volumes.stream()
        .filter(volume -> uuid(volume).filter(uuid::equalsIgnoreCase).isPresent())
        .findFirst();
  }

  Optional<GuestVolume> byLabel(String label) {
    List<GuestVolume> found =
        volumes.stream().filter(volume -> label(volume).equals(label)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private String label(GuestVolume volume) {
    Swap swap = swaps.get(volume.name());
    GuestFileSystem system = systems.get(volume.name());
    return swap != null ? swap.label() : system == null ? "" : system.label();
  }

  /**
   * From the kernel's {@code union swap_header}: the signature ends the first page, and another
   * takes its place while the page holds the head of a hibernated machine's memory.
   */
  private static Optional<Swap> swap(BlockSource source) {
    if (source.sizeBytes() < 4096) {
      return Optional.empty();
    }
    Bytes page = new Volume(source, "swap").read(0, 4096, "header");
    boolean hibernated =
        page.has(4086, "S1SUSPEND") || page.has(4086, "ULSUSPEND") || page.has(4086, "LINHIB0001");
    if (!hibernated && !page.has(4086, "SWAPSPACE2") && !page.has(4086, "SWAP-SPACE")) {
      return Optional.empty();
    }
    String hex = HexFormat.of().formatHex(page.copy(1036, 16));
    String uuid =
        page.zero(1036, 16)
            ? ""
            : hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    return Optional.of(new Swap(uuid, page.text(1052, 16), hibernated));
  }
}
