package io.sendense.recovery.out;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.GuestPath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Copies into a folder. Every directory, file and link is made new and fails where something of its
 * name is there, so a path never leads through a link that the guest made. Content is read back and
 * compared before a file counts.
 */
public final class FolderSink implements Sink {
  private static final int PIECE = 1 << 20;

  private final Path folder;
  private final Losses losses;
  private final boolean lasting;
  private final ByteBuffer buffer = ByteBuffer.allocate(PIECE);

  /**
   * @param folder is made where it is not there
   * @param lasting whether to end only when all of it is on the medium
   */
  public FolderSink(Path folder, Losses losses, boolean lasting) throws IOException {
    this.folder = folder.toAbsolutePath().normalize();
    this.losses = losses;
    this.lasting = lasting;
    if (!Files.isDirectory(this.folder)) {
      Files.createDirectory(
          this.folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  @Override
  public void take(Item item, Copier.Watch watch) throws IOException {
    Path place = place(item.path());
    if (item.sameAs().isPresent()) {
      Path first = place(item.sameAs().get());
      // Where the first name could not be copied, this one still may.
      if (Files.exists(first, LinkOption.NOFOLLOW_LINKS)) {
        Files.createLink(place, first);
        return;
      }
    }
    switch (item.attributes().kind()) {
      case DIRECTORY ->
          Files.createDirectory(
              place,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      case FILE -> {
        file(place, item.file().content(), watch);
        keep(place, item);
      }
      case SYMLINK -> {
        byte[] target = item.file().target();
        GuestName text = GuestName.of(target);
        if (target.length == 0 || !text.isText()) {
          throw refused("the target of the link cannot be written as text");
        }
        Files.createSymbolicLink(place, Path.of(new String(target, StandardCharsets.UTF_8)));
        keep(place, item);
      }
      default -> throw refused("it is no file but a device, a pipe or a socket; a tar keeps such");
    }
  }

  @Override
  public void leave(Item item) throws IOException {
    keep(place(item.path()), item);
  }

  @Override
  public boolean survivesFailures() {
    return true;
  }

  @Override
  public boolean broken() {
    return false;
  }

  @Override
  public void finish() throws IOException {
    // Once for all of them: forcing each small file by itself would take most of the time.
    if (lasting) {
      LinuxFiles.sync(folder);
    }
  }

  @Override
  public void close() {
    buffer.clear();
  }

  private Path place(GuestPath path) throws IOException {
    Path place = folder;
    for (GuestName name : path.names()) {
      if (!name.safe()) {
        throw refused("a name on the way would lead out of the folder");
      }
      try {
        place = place.resolve(name.toString());
      } catch (InvalidPathException e) {
        throw new IOException("the name cannot be written here: " + e.getReason(), e);
      }
    }
    return place;
  }

  private void file(Path place, Content content, Copier.Watch watch) throws IOException {
    Files.createFile(
        place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean whole = false;
    try (RandomAccessFile file = new RandomAccessFile(place.toFile(), "rw")) {
      file.setLength(content.sizeBytes());
      byte[] read = copy(content, file.getChannel(), watch);
      if (!MessageDigest.isEqual(read, readBack(content, file.getChannel()))) {
        throw new IOException("what was written reads back differently");
      }
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(place);
      }
    }
  }

  private byte[] copy(Content content, FileChannel to, Copier.Watch watch) throws IOException {
    MessageDigest digest = Hashes.sha256();
    for (long at = 0; at < content.sizeBytes(); ) {
      Content.Run run = content.run(at);
      for (long from = at; run.data() && from < run.end(); ) {
        buffer.clear().limit((int) Math.min(PIECE, run.end() - from));
        content.read(from, buffer);
        digest.update(buffer.flip());
        buffer.rewind();
        int count = buffer.remaining();
        for (long place = from; buffer.hasRemaining(); ) {
          place += to.write(buffer, place);
        }
        watch.bytes(count);
        from += count;
      }
      at = run.end();
    }
    return digest.digest();
  }

  private byte[] readBack(Content content, FileChannel from) throws IOException {
    MessageDigest digest = Hashes.sha256();
    for (long at = 0; at < content.sizeBytes(); ) {
      Content.Run run = content.run(at);
      for (long place = at; run.data() && place < run.end(); ) {
        buffer.clear().limit((int) Math.min(PIECE, run.end() - place));
        int count = from.read(buffer, place);
        if (count < 0) {
          return new byte[0];
        }
        digest.update(buffer.flip());
        place += count;
      }
      at = run.end();
    }
    return digest.digest();
  }

  private void keep(Path place, Item item) {
    boolean link = item.attributes().kind() == FileKind.SYMLINK;
    boolean directory = item.attributes().kind() == FileKind.DIRECTORY;
    Keeper keeper = new Keeper(losses, place, item.attributes());
    boolean owned = keeper.owner();
    try {
      keeper.xattrs(item.file().xattrs());
    } catch (SendenseException e) {
      losses.failed(item.path() + " (its extended attributes)", String.valueOf(e.getMessage()));
    }
    if (!link) {
      keeper.mode(owned || directory);
    }
    keeper.times();
    if (!item.file().streams().isEmpty()) {
      losses.notKept("alternate streams");
    }
  }

  private static SendenseException refused(String why) {
    return new SendenseException(ErrorCode.GUEST_UNSUPPORTED, why, "");
  }

  /** A failure of a file, for people. */
  static String reason(IOException e) {
    return switch (e) {
      case FileAlreadyExistsException _ -> "something of this name is there already";
      case NoSuchFileException _ -> "the folder it belongs into could not be made";
      case FileSystemException known when known.getReason() != null ->
          String.valueOf(known.getReason());
      default -> Optional.ofNullable(e.getMessage()).orElse(e.toString());
    };
  }
}
