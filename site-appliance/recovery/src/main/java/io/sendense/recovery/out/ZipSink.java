package io.sendense.recovery.out;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.FileKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.attribute.FileTime;
import org.apache.commons.compress.archivers.zip.X7875_NewUnix;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Copies into a zip: content, times, permissions and symbolic links, but no more than a zip can.
 */
public final class ZipSink implements Sink {
  private static final int PIECE = 1 << 20;
  private static final long MOST_HOLES = 64L << 30;

  private final ZipArchiveOutputStream zip;
  private final Losses losses;
  private final byte[] buffer = new byte[PIECE];
  private boolean inContent;

  /**
   * @param out buffered; not closed by this
   */
  public ZipSink(OutputStream out, Losses losses) {
    this.zip = new ZipArchiveOutputStream(out);
    this.losses = losses;
    zip.setUseZip64(Zip64Mode.AsNeeded);
  }

  @Override
  public void take(Item item, Copier.Watch watch) throws IOException {
    switch (item.attributes().kind()) {
      case FILE -> file(item, watch);
      case DIRECTORY -> {
        zip.putArchiveEntry(entry(item, "/"));
        zip.closeArchiveEntry();
      }
      case SYMLINK -> {
        byte[] target = item.file().target();
        zip.putArchiveEntry(entry(item, ""));
        zip.write(target);
        zip.closeArchiveEntry();
      }
      default ->
          throw new SendenseException(
              ErrorCode.GUEST_UNSUPPORTED, "a zip keeps only files, folders and links", "");
    }
    if (item.attributes().kind() != FileKind.SYMLINK && !item.file().xattrs().isEmpty()) {
      losses.notKept("extended attributes and ACLs: a zip has none; take a tar");
    }
  }

  @Override
  public void leave(Item item) {
    // An entry of its own, before what is in it, said all.
  }

  @Override
  public boolean survivesFailures() {
    return false;
  }

  @Override
  public boolean broken() {
    return inContent;
  }

  @Override
  public void finish() throws IOException {
    zip.finish();
    zip.flush();
  }

  @Override
  public void close() throws IOException {
    zip.flush();
  }

  private void file(Item item, Copier.Watch watch) throws IOException {
    Content content = item.file().content();
    long size = content.sizeBytes();
    if (size > MOST_HOLES) {
      long data = 0;
      for (long at = 0; at < size; ) {
        Content.Run run = content.run(at);
        data += run.data() ? run.length() : 0;
        at = run.end();
      }
      if (size - data > MOST_HOLES) {
        throw new SendenseException(
            ErrorCode.GUEST_UNSUPPORTED,
            "of its " + size + " bytes only " + data + " are data, and a zip keeps no holes",
            "Take a tar.");
      }
    }
    ZipArchiveEntry entry = entry(item, "");
    entry.setSize(size);
    zip.putArchiveEntry(entry);
    inContent = true;
    for (long at = 0; at < size; ) {
      int count = (int) Math.min(PIECE, size - at);
      content.read(at, ByteBuffer.wrap(buffer, 0, count));
      zip.write(buffer, 0, count);
      watch.bytes(count);
      at += count;
    }
    inContent = false;
    zip.closeArchiveEntry();
  }

  private static ZipArchiveEntry entry(Item item, String ending) {
    Attributes attributes = item.attributes();
    ZipArchiveEntry entry = new ZipArchiveEntry(item.path() + ending);
    int type =
        switch (attributes.kind()) {
          case DIRECTORY -> 0x4000;
          case SYMLINK -> 0xA000;
          default -> 0x8000;
        };
    entry.setUnixMode(type | attributes.mode());
    entry.setLastModifiedTime(FileTime.from(attributes.modified()));
    if (attributes.posix()) {
      X7875_NewUnix owner = new X7875_NewUnix();
      owner.setUID(attributes.uid());
      owner.setGID(attributes.gid());
      entry.addExtraField(owner);
    }
    return entry;
  }
}
