package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.FileSystems;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.disk.Volumes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.Lookup;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads back, by our own readers, what the machine that writes has made of the guest's files. */
final class Proof {
  private final Map<Change, byte[]> heads = new HashMap<>();
  private final Map<Change, byte[]> wholes = new HashMap<>();

  private Proof() {}

  /**
   * Before the write: what an appended file begins with must be the same afterwards, and a patched
   * one has to be the old one with the patches.
   */
  static Proof before(Report report) {
    Proof proof = new Proof();
    for (Change change : report.changes()) {
      if (change.kind() == Change.Kind.APPEND) {
        GuestFile file = find(change, report.volumes());
        proof.heads.put(change, digest(file.content(), change.before()));
      } else if (change.kind() == Change.Kind.PATCH) {
        GuestFile file = find(change, report.volumes());
        proof.wholes.put(change, digest(new Patched(file.content(), change), change.after()));
      }
    }
    return proof;
  }

  /**
   * After it.
   *
   * @param disks opened anew
   * @throws SendenseException INTERNAL naming the file that is not as it was to be
   */
  void check(Report report, List<GuestDisk> disks) {
    List<GuestVolume> volumes = Volumes.find(disks).volumes();
    for (Change change : report.changes()) {
      GuestFile file = find(change, volumes);
      boolean right =
          switch (change.kind()) {
            case LINK ->
                file.attributes().kind() == FileKind.SYMLINK
                    && Arrays.equals(file.target(), change.content());
            case PATCH ->
                file.attributes().sizeBytes() == change.after()
                    && Arrays.equals(wholes.get(change), digest(file.content(), change.after()));
            case REPLACE, CREATE -> holds(file, 0, change.content());
            case APPEND -> {
              long padded = (change.before() + 3) / 4 * 4;
              yield holds(file, padded, change.content())
                  && Arrays.equals(heads.get(change), digest(file.content(), change.before()));
            }
          };
      if (!right) {
        throw new SendenseException(
            ErrorCode.INTERNAL,
            change.path() + " on " + change.volume() + " is not as it was written",
            "The disks are as they were.");
      }
    }
  }

  private static boolean holds(GuestFile file, long at, byte[] content) {
    if (file.attributes().kind() != FileKind.FILE
        || file.attributes().sizeBytes() != at + content.length) {
      return false;
    }
    byte[] there = new byte[content.length];
    if (content.length > 0) {
      file.content().read(at, ByteBuffer.wrap(there));
    }
    return Arrays.equals(there, content);
  }

  private static GuestFile find(Change change, List<GuestVolume> volumes) {
    GuestVolume volume =
        volumes.stream()
            .filter(one -> one.name().equals(change.volume()))
            .findFirst()
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.INTERNAL,
                        "the volume " + change.volume() + " is not there any more",
                        "The disks are as they were."));
    return new Lookup(FileSystems.open(volume.source())).find(change.path(), false);
  }

  private static byte[] digest(Content content, long length) {
    try {
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      byte[] piece = new byte[1 << 20];
      for (long at = 0; at < length; at += piece.length) {
        int count = (int) Math.min(piece.length, length - at);
        content.read(at, ByteBuffer.wrap(piece, 0, count));
        sum.update(piece, 0, count);
      }
      return sum.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
