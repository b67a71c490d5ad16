package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.FileSystems;
import io.sendense.recovery.block.Guest;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.disk.Placement;
import io.sendense.recovery.initramfs.CpioWriter;
import io.sendense.recovery.registry.Patch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes changes in a guest's file systems by a small virtual machine: the guest's own kernel, one
 * script of ours, and the volumes that change. It has no network, and the process that runs it no
 * rights.
 */
final class GuestWriter {
  private static final int FINGERPRINT = 128 << 10;
  private static final int MEMORY_MEBIBYTES = 768;

  private final Machine machine;
  private final Path busybox;

  GuestWriter(Machine machine, Path busybox) {
    this.machine = machine;
    this.busybox = busybox;
  }

  /** What a machine is started with; nothing of the disks is held open by it. */
  @SuppressWarnings("ArrayRecordComponent") // made once, never changed and never compared by value
  record Prepared(
      byte[] kernel, byte[] initrd, String model, List<Machine.Slice> slices, int changes) {}

  /**
   * Puts together what the machine that writes needs.
   *
   * @param helper what it starts from
   * @param disks as the report was made from
   * @param files the same disks' files, in the same order
   */
  Prepared prepare(
      Report report, Report.Helper helper, List<GuestDisk> disks, List<DiskFile> files) {
    CpioWriter initrd = new CpioWriter();
    List.of("bin", "modules", "jobs", "jobs/volumes", "jobs/changes", "dev")
        .forEach(initrd::folder);
    try {
      initrd.file("init", 0755, script());
      initrd.file("bin/busybox", 0755, Files.readAllBytes(busybox));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    StringBuilder order = new StringBuilder();
    programs(helper, initrd);
    for (Report.Helper.File module : helper.modules()) {
      initrd.file("modules/" + module.name() + ".ko", 0644, module.content());
      order.append(module.name()).append('\n');
    }
    text(initrd, "modules/order", order.toString());
    Map<String, Machine.Slice> volumes = volumes(report, disks, files, initrd);
    changes(report, volumes, initrd);
    return new Prepared(
        helper.kernel(),
        initrd.finish(),
        helper.disk().equals("nvme") ? "nvme" : "virtio-blk-pci",
        List.copyOf(volumes.values()),
        report.changes().size());
  }

  private static void programs(Report.Helper helper, CpioWriter initrd) {
    Set<String> folders = new HashSet<>(Set.of("bin"));
    for (Report.Helper.File program : helper.programs()) {
      for (int at = program.name().indexOf('/'); at > 0; at = program.name().indexOf('/', at + 1)) {
        if (folders.add(program.name().substring(0, at))) {
          initrd.folder(program.name().substring(0, at));
        }
      }
      initrd.file(program.name(), 0755, program.content());
    }
  }

  /**
   * Writes; whether it is right, the caller reads back. Nothing else may have the disks open.
   *
   * @param scratch a folder that is there; what is made in it is removed
   */
  void write(Prepared prepared, Path scratch) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory(scratch, "convert-");
      Path kernel = Files.write(folder.resolve("kernel"), prepared.kernel());
      Path ramdisk = Files.write(folder.resolve("initrd"), prepared.initrd());
      judge(
          machine.run(kernel, ramdisk, MEMORY_MEBIBYTES, prepared.model(), prepared.slices()),
          prepared.changes());
    } catch (IOException e) {
      throw new UncheckedIOException("the machine that writes could not be made", e);
    } finally {
      remove(folder);
    }
  }

  private static void judge(String said, int changes) {
    String last =
        said.lines()
            .filter(line -> line.startsWith("SENDENSE-WRITER "))
            .reduce((_, later) -> later)
            .map(String::strip)
            .orElse("");
    if (!last.equals("SENDENSE-WRITER wrote " + changes)) {
      String tail = said.substring(Math.max(0, said.length() - 600)).replaceAll("[^\\n -~]", "");
      throw new SendenseException(
          ErrorCode.GUEST_UNSUPPORTED,
          "the guest's files were not all written: " + (last.isEmpty() ? tail : last.substring(16)),
          "The disks are as they were. Run the command again, or see what the guest lacks.");
    }
  }

  private static Map<String, Machine.Slice> volumes(
      Report report, List<GuestDisk> disks, List<DiskFile> files, CpioWriter initrd) {
    Map<String, Machine.Slice> slices = new LinkedHashMap<>();
    Set<String> fingerprints = new HashSet<>();
    for (GuestVolume volume : report.volumes()) {
      if (report.changes().stream().noneMatch(change -> change.volume().equals(volume.name()))) {
        continue;
      }
      Placement placement =
          Placement.of(volume, disks)
              .orElseThrow(
                  () ->
                      Guest.unsupported(
                          volume.name(), "it lies in several pieces, which are not written to"));
      String fingerprint = fingerprint(volume);
      if (!fingerprints.add(fingerprint)) {
        throw Guest.unsupported(volume.name(), "another volume begins with the same bytes");
      }
      int number = slices.size();
      String type = FileSystems.open(volume.source()).type();
      slices.put(
          volume.name(),
          new Machine.Slice(
              files.get(placement.disk()), placement.offset(), placement.sizeBytes()));
      initrd.folder("jobs/volumes/" + number);
      text(initrd, "jobs/volumes/" + number + "/fingerprint", fingerprint);
      text(
          initrd,
          "jobs/volumes/" + number + "/type",
          type.startsWith("FAT") ? "vfat" : type.startsWith("ext") ? "ext4" : type);
    }
    return slices;
  }

  private static void changes(
      Report report, Map<String, Machine.Slice> volumes, CpioWriter initrd) {
    List<String> names = new ArrayList<>(volumes.keySet());
    int number = 1000;
    for (Change change : report.changes()) {
      String folder = "jobs/changes/" + number++;
      initrd.folder(folder);
      text(initrd, folder + "/kind", change.kind().name());
      text(initrd, folder + "/volume", Integer.toString(names.indexOf(change.volume())));
      text(initrd, folder + "/path", change.path());
      text(initrd, folder + "/before", Long.toString(change.before()));
      if (change.kind() == Change.Kind.PATCH) {
        initrd.folder(folder + "/patches");
        // Named by the page at which each begins.
        for (Patch patch : change.patches()) {
          initrd.file(folder + "/patches/" + patch.offset() / Patch.PAGE, 0644, patch.bytes());
        }
      } else {
        initrd.file(folder + "/content", 0644, change.content());
      }
    }
  }

  private static String fingerprint(GuestVolume volume) {
    int length = (int) Math.min(FINGERPRINT, volume.source().sizeBytes());
    byte[] head = new byte[length];
    volume.source().read(0, ByteBuffer.wrap(head));
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(head));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void text(CpioWriter initrd, String name, String text) {
    initrd.file(name, 0644, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] script() throws IOException {
    try (InputStream in = GuestWriter.class.getResourceAsStream("writer-init")) {
      if (in == null) {
        throw new IllegalStateException("writer-init is not in this build");
      }
      return in.readAllBytes();
    }
  }

  private static void remove(@org.jspecify.annotations.Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try {
      for (String name : List.of("kernel", "initrd")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("could not remove " + folder, e);
    }
  }
}
