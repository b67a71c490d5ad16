package io.sendense.connectors.disk;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.nbd.Extent;
import io.sendense.nbd.NbdClient;
import io.sendense.nbd.NbdClientOptions;
import io.sendense.nbd.NbdExport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A qcow2 file being written through qemu-nbd under a temporary name. qcow2 counts in sectors of
 * 512 bytes, so a disk that is no whole number of them is rounded up with zeros.
 */
final class Qcow2TargetDisk implements TargetDisk {
  private static final int SECTOR = 512;
  private static final int CREATE_SECONDS = 60;
  private static final String ALLOCATION = "base:allocation";

  private final NewFile file;
  private final OwnerRecords records;
  private final String source;
  private final long sizeBytes;
  private QemuNbd server;
  private NbdExport export;

  private Qcow2TargetDisk(
      NewFile file,
      OwnerRecords records,
      String source,
      long sizeBytes,
      QemuNbd server,
      NbdExport export) {
    this.file = file;
    this.records = records;
    this.source = source;
    this.sizeBytes = sizeBytes;
    this.server = server;
    this.export = export;
  }

  static Qcow2TargetDisk create(NewFile file, OwnerRecords records, String source, long sizeBytes) {
    QemuNbd server = null;
    try {
      qemuImgCreate(file, (sizeBytes + SECTOR - 1) / SECTOR * SECTOR);
      server = QemuNbd.start(records, source, file.temporary(), QemuNbd.Access.READ_WRITE);
      return new Qcow2TargetDisk(file, records, source, sizeBytes, server, connect(server));
    } catch (RuntimeException e) {
      if (server != null) {
        server.close();
      }
      file.discard();
      throw e;
    }
  }

  private static NbdExport connect(QemuNbd server) {
    return server.connect(uri -> NbdClient.open(uri, NbdClientOptions.defaults()));
  }

  private static void qemuImgCreate(NewFile file, long bytes) {
    Path image = file.temporary();
    try {
      Process process =
          new ProcessBuilder(
                  "qemu-img", "create", "-q", "-f", "qcow2", image.toString(), Long.toString(bytes))
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(CREATE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            "qemu-img did not make " + image + " within " + CREATE_SECONDS + " s",
            "Look at the load of this machine and try again.");
      }
      if (process.exitValue() != 0) {
        byte[] said = process.getInputStream().readNBytes(300);
        throw file.failure(new IOException(new String(said, StandardCharsets.UTF_8).strip()));
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          "qemu-img cannot be started: " + e.getMessage(),
          "Install it (Debian: apt install qemu-utils), or restore with --format raw.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(ErrorCode.CANCELLED, "the restore was cancelled", "", e);
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void write(long offset, ByteBuffer data) {
    if (data.remaining() % SECTOR == 0) {
      export.write(offset, data);
    } else {
      export.write(offset, padded(data));
      data.position(data.limit());
    }
  }

  private static ByteBuffer padded(ByteBuffer data) {
    int length = (data.remaining() + SECTOR - 1) / SECTOR * SECTOR;
    byte[] bytes = new byte[length];
    data.duplicate().get(bytes, 0, data.remaining());
    return ByteBuffer.wrap(bytes);
  }

  @Override
  public void readBack(long offset, ByteBuffer target) {
    export.read(offset, target);
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    List<BlockRange> found = new ArrayList<>();
    export.extents(
        ALLOCATION,
        within,
        extent -> {
          if (!extent.has(Extent.ZERO)) {
            found.add(extent.range());
          }
        });
    return found;
  }

  /** Closes the image and opens it again, read-only, so that the read-back goes by its metadata. */
  @Override
  public void flush() {
    export.flush();
    export.close();
    server.close();
    sync();
    server = QemuNbd.start(records, source, file.temporary(), QemuNbd.Access.READ_ONLY);
    export = connect(server);
  }

  private void sync() {
    try (FileChannel channel = FileChannel.open(file.temporary(), StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  @Override
  public void finish() {
    export.close();
    server.close();
    file.publish();
  }

  @Override
  public void close() {
    export.close();
    server.close();
    file.discard();
  }
}
