package io.sendense.recovery.out;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.GuestPath;
import io.sendense.recovery.fs.Xattr;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Copies into a tar of the pax kind: times to the nanosecond, extended attributes and ACLs as GNU
 * tar and libarchive write them, sparse files in GNU tar's format 1.0 ("GNU tar manual", Sparse
 * Formats).
 */
public final class TarSink implements Sink {
  private static final int PIECE = 1 << 20;
  private static final int MOST_RUNS = 200_000;
  private static final long WORTH_A_MAP = 64 << 10;

  private final OutputStream out;
  private final Losses losses;
  private final byte[] buffer = new byte[PIECE];
  private boolean inContent;

  /**
   * @param out buffered; not closed by this
   */
  public TarSink(OutputStream out, Losses losses) {
    this.out = out;
    this.losses = losses;
  }

  @Override
  public boolean broken() {
    return inContent;
  }

  @Override
  public void take(Item item, Copier.Watch watch) throws IOException {
    Attributes attributes = item.attributes();
    if (item.sameAs().isPresent()) {
      header(item, '1', 0, name(item.sameAs().get(), false), List.of());
      return;
    }
    switch (attributes.kind()) {
      case FILE -> file(item, watch);
      case DIRECTORY -> header(item, '5', 0, new byte[0], List.of());
      case SYMLINK -> header(item, '2', 0, item.file().target(), List.of());
      case CHARACTER_DEVICE -> header(item, '3', 0, new byte[0], List.of());
      case BLOCK_DEVICE -> header(item, '4', 0, new byte[0], List.of());
      case FIFO -> header(item, '6', 0, new byte[0], List.of());
      default ->
          throw new SendenseException(
              ErrorCode.GUEST_UNSUPPORTED, "a socket cannot be kept in a tar", "");
    }
  }

  @Override
  public void leave(Item item) {
    // A directory's header, before what is in it, said all.
  }

  @Override
  public boolean survivesFailures() {
    return false;
  }

  @Override
  public void finish() throws IOException {
    out.write(new byte[2 * Tar.BLOCK]);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }

  private void file(Item item, Copier.Watch watch) throws IOException {
    Content content = item.file().content();
    List<Content.Run> runs = runs(content);
    long data = runs.stream().mapToLong(Content.Run::length).sum();
    if (!item.file().streams().isEmpty()) {
      losses.notKept("alternate streams");
    }
    if (content.sizeBytes() - data < WORTH_A_MAP) {
      header(item, '0', content.sizeBytes(), new byte[0], List.of());
      content(content, List.of(new Content.Run(0, content.sizeBytes(), true)), watch);
      return;
    }
    byte[] map = map(runs, content.sizeBytes());
    List<String> sparse =
        List.of(
            "GNU.sparse.major=1",
            "GNU.sparse.minor=0",
            "GNU.sparse.realsize=" + content.sizeBytes());
    header(item, '0', map.length + data, new byte[0], sparse);
    inContent = true;
    out.write(map);
    content(content, runs, watch);
  }

  /** Where the data lies; one run over all of it where it is too scattered for a map. */
  private static List<Content.Run> runs(Content content) {
    List<Content.Run> runs = new ArrayList<>();
    for (long at = 0; at < content.sizeBytes(); ) {
      Content.Run run = content.run(at);
      if (run.data()) {
        Content.Run last = runs.isEmpty() ? null : runs.getLast();
        if (last != null && last.end() == run.offset()) {
          runs.removeLast();
          runs.add(new Content.Run(last.offset(), last.length() + run.length(), true));
        } else {
          runs.add(run);
        }
      }
      if (runs.size() > MOST_RUNS) {
        return List.of(new Content.Run(0, content.sizeBytes(), true));
      }
      at = run.end();
    }
    return runs;
  }

  private static byte[] map(List<Content.Run> runs, long size) {
    StringBuilder text = new StringBuilder();
    boolean ends = !runs.isEmpty() && runs.getLast().end() == size;
    text.append(runs.size() + (ends ? 0 : 1)).append('\n');
    for (Content.Run run : runs) {
      text.append(run.offset()).append('\n').append(run.length()).append('\n');
    }
    if (!ends) {
      text.append(size).append("\n0\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
    return java.util.Arrays.copyOf(bytes, (bytes.length + Tar.BLOCK - 1) / Tar.BLOCK * Tar.BLOCK);
  }

  private void content(Content content, List<Content.Run> runs, Copier.Watch watch)
      throws IOException {
    inContent = true;
    long written = 0;
    for (Content.Run run : runs) {
      for (long at = run.offset(); at < run.end(); ) {
        int count = (int) Math.min(PIECE, run.end() - at);
        content.read(at, ByteBuffer.wrap(buffer, 0, count));
        out.write(buffer, 0, count);
        watch.bytes(count);
        written += count;
        at += count;
      }
    }
    pad(written);
    inContent = false;
  }

  private void header(Item item, char type, long size, byte[] link, List<String> more)
      throws IOException {
    Attributes attributes = item.attributes();
    byte[] name = name(item.path(), type == '5');
    boolean sparse = !more.isEmpty();
    ByteArrayOutputStream pax = new ByteArrayOutputStream();
    if (!textual(name) || !textual(link)) {
      record(pax, "hdrcharset", "BINARY");
    }
    for (String one : more) {
      int equals = one.indexOf('=');
      record(pax, one.substring(0, equals), one.substring(equals + 1));
    }
    if (sparse) {
      Tar.record(pax, "GNU.sparse.name", name);
      name = ("GNUSparseFile.0/" + item.attributes().id()).getBytes(StandardCharsets.US_ASCII);
    } else if (!Tar.fits(name)) {
      Tar.record(pax, "path", name);
    }
    if (!Tar.fits(link)) {
      Tar.record(pax, "linkpath", link);
    }
    if (!Tar.fitsSize(size)) {
      record(pax, "size", String.valueOf(size));
    }
    if (!Tar.fitsId(attributes.uid())) {
      record(pax, "uid", String.valueOf(attributes.uid()));
    }
    if (!Tar.fitsId(attributes.gid())) {
      record(pax, "gid", String.valueOf(attributes.gid()));
    }
    record(pax, "mtime", time(attributes.modified()));
    record(pax, "atime", time(attributes.accessed()));
    if (type != '1') {
      for (Xattr xattr : item.file().xattrs()) {
        xattr(pax, xattr);
      }
    }
    byte[] records = pax.toByteArray();
    byte[] extension = "PaxHeaders/x".getBytes(StandardCharsets.US_ASCII);
    out.write(Tar.header(extension, new byte[0], 'x', records.length, attributes));
    out.write(records);
    pad(records.length);
    out.write(Tar.header(name, link, type, size, attributes));
  }

  private void xattr(ByteArrayOutputStream pax, Xattr xattr) {
    switch (xattr.name()) {
      case "system.posix_acl_access" -> record(pax, "SCHILY.acl.access", Tar.acl(xattr.value()));
      case "system.posix_acl_default" -> record(pax, "SCHILY.acl.default", Tar.acl(xattr.value()));
      default -> {
        if (xattr.name().indexOf('=') >= 0) {
          losses.notKept(xattr.name() + " (a tar cannot name it)");
        } else {
          Tar.record(pax, "SCHILY.xattr." + xattr.name(), xattr.value());
        }
      }
    }
  }

  private static void record(ByteArrayOutputStream pax, String key, String value) {
    Tar.record(pax, key, value.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean textual(byte[] bytes) {
    return GuestName.of(bytes).isText();
  }

  private static String time(Instant time) {
    long seconds = time.getEpochSecond();
    int nanos = time.getNano();
    if (seconds < 0 && nanos > 0) {
      return String.format(Locale.ROOT, "-%d.%09d", -(seconds + 1), 1_000_000_000 - nanos);
    }
    return String.format(Locale.ROOT, "%d.%09d", seconds, nanos);
  }

  private static byte[] name(GuestPath path, boolean directory) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (GuestName name : path.names()) {
      if (bytes.size() > 0) {
        bytes.write('/');
      }
      bytes.writeBytes(name.bytes());
    }
    if (directory) {
      bytes.write('/');
    }
    return bytes.toByteArray();
  }

  private void pad(long written) throws IOException {
    out.write(new byte[(int) ((Tar.BLOCK - written % Tar.BLOCK) % Tar.BLOCK)]);
  }
}
