package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.out.Copier;
import io.sendense.recovery.out.FolderSink;
import io.sendense.recovery.out.Losses;
import io.sendense.recovery.out.Sink;
import io.sendense.recovery.out.TarSink;
import io.sendense.recovery.out.ZipSink;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;

/** Brings a guest's files to where a command wants them. */
final class FileCopies {
  private static final int PIECE = 1 << 20;

  private final Surroundings surroundings;
  private final FilesProgress progress;
  private final Losses losses = new Losses();

  FileCopies(Surroundings surroundings, FilesProgress progress) {
    this.surroundings = surroundings;
    this.progress = progress;
  }

  Copier.Outcome to(String place, GuestName name, GuestFile file) {
    String ending = place.toLowerCase(Locale.ROOT);
    try {
      if (ending.endsWith(".tar")) {
        return archive(Path.of(place), TarSink::new, name, file);
      }
      if (ending.endsWith(".zip")) {
        return archive(Path.of(place), ZipSink::new, name, file);
      }
      try (Sink sink = new FolderSink(Path.of(place), losses, true)) {
        return new Copier(sink, progress, losses).copy(name, file);
      }
    } catch (IOException e) {
      throw unwritable(place, e);
    }
  }

  Copier.Outcome toStandardOutput(GuestName name, GuestFile file) {
    try {
      OutputStream out = new BufferedOutputStream(surroundings.out(), PIECE);
      if (file.attributes().kind() == FileKind.DIRECTORY) {
        try (Sink sink = new TarSink(out, losses)) {
          return new Copier(sink, progress, losses).copy(name, file);
        }
      }
      Content content = file.content();
      byte[] piece = new byte[PIECE];
      for (long at = 0; at < content.sizeBytes(); ) {
        int count = (int) Math.min(PIECE, content.sizeBytes() - at);
        content.read(at, ByteBuffer.wrap(piece, 0, count));
        out.write(piece, 0, count);
        progress.bytes(count);
        at += count;
      }
      out.flush();
      if (surroundings.out().checkError()) {
        throw new IOException("whoever reads it has gone");
      }
      return new Copier.Outcome(1, 0, losses);
    } catch (IOException e) {
      throw unwritable("standard output", e);
    }
  }

  /** Written under another name, read back, and only then named as asked. */
  private Copier.Outcome archive(
      Path place, BiFunction<OutputStream, Losses, Sink> kind, GuestName name, GuestFile file)
      throws IOException {
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS, place + " is there already", "Name a new file with --to.");
    }
    Path partial = place.resolveSibling(place.getFileName() + ".partial");
    boolean begun = false;
    try {
      Copier.Outcome outcome;
      MessageDigest written = sha256();
      try (FileChannel channel =
          FileChannel.open(
              partial,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        begun = true;
        OutputStream out =
            new BufferedOutputStream(
                new DigestOutputStream(Channels.newOutputStream(channel), written), PIECE);
        try (Sink sink = kind.apply(out, losses)) {
          outcome = new Copier(sink, progress, losses).copy(name, file);
        }
        out.flush();
        channel.force(true);
      }
      if (!MessageDigest.isEqual(written.digest(), sum(partial))) {
        throw new IOException("what was written reads back differently");
      }
      Files.createLink(place, partial);
      return outcome;
    } finally {
      if (begun) {
        Files.deleteIfExists(partial);
      }
    }
  }

  private static byte[] sum(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SendenseException unwritable(String place, IOException e) {
    return new SendenseException(
        ErrorCode.NO_SPACE,
        "the copy could not be written to " + place + ": " + e,
        "Check the place it goes to.",
        e);
  }
}
