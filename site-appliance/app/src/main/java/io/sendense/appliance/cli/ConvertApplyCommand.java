package io.sendense.appliance.cli;

import io.sendense.connectors.disk.DiskSource;
import io.sendense.connectors.disk.DiskUri;
import io.sendense.connectors.disk.SourceDisk;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.StateStore;
import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.CachedSource;
import io.sendense.recovery.convert.Converter;
import io.sendense.recovery.convert.DiskFile;
import io.sendense.recovery.convert.Report;
import io.sendense.recovery.disk.GuestDisk;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a guest on restored disks ready for another platform. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Changes the files of a guest on restored disks so that it starts on a platform, and reads",
      "them back. Nothing else may use the disks. Where there is a blocker nothing is written."
    })
final class ConvertApplyCommand implements Callable<Integer> {
  private static final int CACHE_BYTES = 8 << 20;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ConvertOption convert = new ConvertOption();

  @Option(
      names = "--disk",
      required = true,
      paramLabel = "FILE",
      description =
          "A restored disk, raw or (by its ending, or as qcow2:FILE) qcow2; once per disk, in the"
              + " machine's order.")
  List<String> disks = List.of();

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "Where some tens of MiB may lie while it works. Default: /tmp.")
  Path scratch = Path.of("/tmp");

  @Option(
      names = "--kernel",
      paramLabel = "DIR",
      description =
          "For Windows: a folder with boot/vmlinuz-VERSION and lib/modules/VERSION, such as an"
              + " unpacked kernel package, for the machine that writes. Default: /.")
  Path kernels = Path.of("/");

  ConvertApplyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<DiskFile> files =
        SourceDisk.parseAll(disks).stream().map(ConvertApplyCommand::file).toList();
    Converter converter =
        new Converter(
            tool("qemu-system-x86_64", "qemu-system-x86"),
            tool("qemu-img", "qemu-utils"),
            tool("busybox", "busybox-static"),
            scratch,
            DEADLINE,
            "root".equals(System.getProperty("user.name")),
            new Converter.Supplies(
                convert.driverFolder(), kernels, Path.of("/bin/ntfs-3g"), surroundings.clock()));
    try (StateStore state = common.openState(surroundings)) {
      Report report =
          converter.apply(
              files,
              some ->
                  open(
                      new DiskSource(
                          "convert", sources(some), state.ownerRecords(), surroundings.clock())),
              convert.target(),
              convert.cards);
      if (common.json) {
        surroundings.out().println(Json.text(ConvertText.document(report)));
      } else {
        ConvertText.print(surroundings, report, true);
      }
    }
    return 0;
  }

  private static List<SourceDisk> sources(List<DiskFile> files) {
    List<SourceDisk> sources = new ArrayList<>();
    for (DiskFile file : files) {
      sources.add(
          new SourceDisk(
              "disk" + sources.size(),
              file.format().equals("raw")
                  ? new DiskUri.Raw(file.path())
                  : new DiskUri.Qcow2(file.path())));
    }
    return sources;
  }

  private static DiskFile file(SourceDisk disk) {
    return switch (disk.uri()) {
      case DiskUri.Raw raw -> new DiskFile(raw.path(), "raw");
      case DiskUri.Qcow2 qcow2 -> new DiskFile(qcow2.path(), "qcow2");
      case DiskUri.Nbd _ ->
          throw new SendenseException(
              ErrorCode.BAD_ARGUMENT,
              "disk " + disk.uri() + " is no file",
              "Restore the point to a file first.");
    };
  }

  private static Converter.Opened open(DiskSource source) {
    Capture capture = source.capture(Optional.empty());
    List<GuestDisk> opened = new ArrayList<>();
    for (int i = 0; i < capture.disks().size(); i++) {
      DiskReader reader = capture.disks().get(i).reader();
      opened.add(new GuestDisk("disk" + i, new CachedSource(new Blocks(reader), CACHE_BYTES)));
    }
    return new Converter.Opened() {
      @Override
      public List<GuestDisk> disks() {
        return opened;
      }

      @Override
      public void close() {
        capture.close();
      }
    };
  }

  private record Blocks(DiskReader reader) implements BlockSource {
    @Override
    public long sizeBytes() {
      return reader.sizeBytes();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      reader.read(offset, target);
    }
  }

  private Path tool(String name, String debian) {
    String path = surroundings.environment().getOrDefault("PATH", "");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator, -1)), Stream.of("/usr/bin", "/bin"))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.MISSING_TOOL,
                    "the tool " + name + " is not installed",
                    "On Debian: apt-get install " + debian));
  }
}
