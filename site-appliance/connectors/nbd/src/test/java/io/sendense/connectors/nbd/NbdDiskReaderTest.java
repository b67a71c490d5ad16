package io.sendense.connectors.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.nbd.NbdClientOptions;
import io.sendense.nbd.NbdUri;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The reader against QEMU's own NBD servers, with bitmaps that QEMU kept while writing. */
@Tag("server")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NbdDiskReaderTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SIZE = 64 << 20;
  private static final String CONTEXT = "qemu:dirty-bitmap:b0";

  @TempDir(factory = ShortTempDir.class)
  Path folder;

  @BeforeEach
  void makeADisk() {
    qemu("qemu-img", "create", "-q", "-f", "qcow2", image(), String.valueOf(SIZE));
    write("write -P 1 0 4M", "write -P 2 32M 1M");
    qemu("qemu-img", "bitmap", "--add", "-g", "65536", image(), "b0");
  }

  @Test
  void theBitmapNamesExactlyTheBlocksWrittenSinceItBegan() {
    write("write -P 9 1M 64k", "write -P 9 3000000 1", "write -P 9 63M 1M");
    try (ChildProcess server = storageDaemon();
        NbdDiskReader reader = open(CONTEXT)) {
      assertThat(server.isAlive()).isTrue();
      assertThat(reader.changedRanges(CONTEXT))
          .isEqualTo(
              new ChangeSet.Tracked(
                  CONTEXT,
                  List.of(
                      new BlockRange(1 << 20, 65536),
                      new BlockRange(3_000_000 / 65536 * 65536, 65536),
                      new BlockRange(63 << 20, 1 << 20))));
    }
  }

  @Test
  void fullPlusChangedRangesIsTheDiskAsItIsNow() throws IOException {
    byte[] disk = convert("before.raw");
    write("write -P 9 1M 64k", "write -P 7 3000000 70000", "write -z 32M 512k", "discard 0 64k");
    try (ChildProcess server = storageDaemon();
        NbdDiskReader reader = open(CONTEXT)) {
      assertThat(server.isAlive()).isTrue();
      ChangeSet.Tracked changes = (ChangeSet.Tracked) reader.changedRanges(CONTEXT);
      for (BlockRange range : changes.ranges()) {
        ByteBuffer part = ByteBuffer.allocateDirect((int) range.length());
        reader.read(range.offset(), part);
        part.flip().get(disk, (int) range.offset(), (int) range.length());
      }
      assertThat(changes.ranges().stream().mapToLong(BlockRange::length).sum()).isLessThan(1 << 20);
    }
    assertThat(disk).isEqualTo(convert("after.raw"));
  }

  @Test
  void holesAreLeftOutOfWhatIsAllocated() {
    try (ChildProcess server = storageDaemon();
        NbdDiskReader reader = open(CONTEXT)) {
      assertThat(server.isAlive()).isTrue();
      assertThat(reader.sizeBytes()).isEqualTo(SIZE);
      assertThat(reader.allocated(new BlockRange(0, SIZE)))
          .containsExactly(new BlockRange(0, 4 << 20), new BlockRange(32 << 20, 1 << 20));
      assertThat(reader.allocated(new BlockRange(1000, 5 << 20)))
          .containsExactly(new BlockRange(1000, (4 << 20) - 1000));
      assertThat(reader.allocated(new BlockRange(8 << 20, 1 << 20))).isEmpty();
    }
  }

  @Test
  void aContextTheServerDoesNotHaveIsUntracked() {
    try (ChildProcess server = storageDaemon();
        NbdDiskReader reader = open("qemu:dirty-bitmap:gone")) {
      assertThat(server.isAlive()).isTrue();
      assertThat(reader.changedRanges("qemu:dirty-bitmap:gone"))
          .isInstanceOfSatisfying(
              ChangeSet.Untracked.class,
              untracked -> assertThat(untracked.reason()).contains("qemu:dirty-bitmap:gone"));
    }
  }

  @Test
  void qemuNbdServesTheSameDiskAndItsBitmap() throws IOException {
    write("write -P 9 5M 128k");
    byte[] expected = convert("expected.raw");
    try (ChildProcess server =
            ChildProcess.start(
                Peers.require("qemu-nbd").toString(),
                "-r",
                "-t",
                "-e",
                "4",
                "-f",
                "qcow2",
                "-B",
                "b0",
                "-x",
                "vda",
                "-k",
                socket().toString(),
                "--pid-file=" + folder.resolve("ready"),
                image());
        NbdDiskReader reader = openWhenReady(server)) {
      ByteBuffer all = ByteBuffer.allocateDirect(SIZE);
      reader.read(0, all);
      assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(expected));
      assertThat(reader.changedRanges(CONTEXT))
          .isEqualTo(new ChangeSet.Tracked(CONTEXT, List.of(new BlockRange(5 << 20, 128 << 10))));
      server.kill();
      assertThatThrownBy(() -> reader.read(0, ByteBuffer.allocate(1)))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE));
    }
  }

  private NbdDiskReader openWhenReady(ChildProcess server) {
    server.awaitFile(folder.resolve("ready"), SOON);
    return NbdDiskReader.open(
        NbdUri.parse("nbd+unix:///vda?socket=" + socket() + "&meta-context=" + CONTEXT));
  }

  private NbdDiskReader open(String context) {
    return NbdDiskReader.open(
        NbdUri.unix(socket(), "vda"),
        NbdClientOptions.defaults().withConnections(4).withContexts(List.of(context)));
  }

  private ChildProcess storageDaemon() {
    Path ready = folder.resolve("ready");
    ChildProcess daemon =
        ChildProcess.start(
            Peers.require("qemu-storage-daemon").toString(),
            "--blockdev",
            "driver=file,node-name=f,filename=" + image() + ",read-only=on",
            "--blockdev",
            "driver=qcow2,node-name=q,file=f,read-only=on",
            "--nbd-server",
            "addr.type=unix,addr.path=" + socket() + ",max-connections=16",
            "--export",
            "type=nbd,id=e,node-name=q,name=vda,bitmaps.0=b0",
            "--pidfile",
            ready.toString());
    daemon.awaitFile(ready, SOON);
    return daemon;
  }

  /** Writes with QEMU itself, which keeps the bitmap. */
  private void write(String... commands) {
    List<String> arguments =
        new java.util.ArrayList<>(List.of(Peers.require("qemu-io").toString(), "-f", "qcow2"));
    for (String command : commands) {
      arguments.addAll(List.of("-c", command));
    }
    arguments.add(image());
    ChildProcess.run(SOON, arguments).orFail();
  }

  private byte[] convert(String name) throws IOException {
    Path raw = folder.resolve(name);
    qemu("qemu-img", "convert", "-f", "qcow2", "-O", "raw", image(), raw.toString());
    return Files.readAllBytes(raw);
  }

  private static void qemu(String tool, String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of(Peers.require(tool).toString()));
    command.addAll(List.of(arguments));
    ChildProcess.run(SOON, command).orFail();
  }

  private String image() {
    return folder.resolve("disk.qcow2").toString();
  }

  private Path socket() {
    return folder.resolve("q.sock");
  }
}
