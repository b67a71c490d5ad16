package io.sendense.repository.local;

import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Objects as files of a directory. Thread-safe; several processes may share the directory.
 *
 * <p>A put writes a temporary file, makes it durable, links it to its final name (which fails if
 * the name is taken) and makes the directory durable, so a crash leaves an object whole or absent.
 * What a crash leaves in the folder of temporary files is harmless. The store's clock is the file
 * system's: the time of the last write to the file. Large objects are written and read back past
 * the page cache, as {@link PastCache} says.
 */
public final class LocalObjectStore implements ObjectStore {
  /**
   * Transfers go in slices, because the JDK keeps a direct buffer as large as the largest transfer
   * for every thread, and copies through it: one of this size stays in the processor's cache.
   */
  private static final int SLICE_BYTES = 256 << 10;

  private static final int LINK_ATTEMPTS = 10;

  private static final StoreCapabilities CAPABILITIES =
      StoreCapabilities.NONE.withObjectBytesMax(1L << 40);

  private final LocalLayout layout;
  private final String temporaryPrefix;
  private final AtomicLong temporaryCount = new AtomicLong();
  private final PastCache pastCache;

  private LocalObjectStore(LocalLayout layout, String temporaryPrefix) {
    this.layout = layout;
    this.temporaryPrefix = temporaryPrefix;
    pastCache = PastCache.of(layout.root());
  }

  /**
   * Makes an empty store: creates the directory where it is missing.
   *
   * @throws io.sendense.domain.SendenseException ALREADY_EXISTS where the directory holds something
   */
  public static LocalObjectStore create(Path directory) {
    return new LocalObjectStore(LocalLayout.create(directory), prefix());
  }

  /**
   * Opens a store made by {@link #create}.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND where there is no store
   */
  public static LocalObjectStore open(Path directory) {
    return new LocalObjectStore(LocalLayout.open(directory), prefix());
  }

  @Override
  public String describe() {
    return layout.root().toString();
  }

  @Override
  public StoreCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    if (lock.isPresent()) {
      throw StoreFailure.unsupported(describe(), "object lock");
    }
    Path target = layout.file(name);
    Path temporary = layout.temporary(temporaryPrefix + temporaryCount.getAndIncrement());
    try {
      if (Files.exists(target)) {
        throw StoreFailure.exists(describe(), name);
      }
      try {
        boolean past = pastCache.write(temporary, content, offset, length);
        if (!past) {
          write(temporary, content, offset, length);
        }
        link(target, temporary);
        if (past) {
          pastCache.stored(target, length);
        }
        LocalLayout.makeDurable(LocalLayout.folderOf(target));
      } finally {
        Files.deleteIfExists(temporary);
      }
      return stored(name, Files.readAttributes(target, BasicFileAttributes.class));
    } catch (FileAlreadyExistsException e) {
      throw StoreFailure.exists(describe(), name);
    } catch (IOException e) {
      throw IoFailure.of(describe(), name, "writing", e);
    }
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    Path path = layout.file(name);
    try {
      if (!pastCache.read(path, position, target, offset, length)) {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
          fill(file, position, target, offset, length);
        }
      }
    } catch (EOFException e) {
      throw StoreFailure.badRange(describe(), name, position, length, lengthOf(name));
    } catch (IOException e) {
      throw IoFailure.of(describe(), name, "reading", e);
    }
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    try (FileChannel file = FileChannel.open(layout.file(name), StandardOpenOption.READ)) {
      long length = file.size();
      if (length > bytesMax) {
        throw StoreFailure.badRange(describe(), name, 0, bytesMax, length);
      }
      byte[] content = new byte[(int) length];
      fill(file, 0, content, 0, content.length);
      return content;
    } catch (IOException e) {
      throw IoFailure.of(describe(), name, "reading", e);
    }
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    try {
      return Optional.of(
          stored(name, Files.readAttributes(layout.file(name), BasicFileAttributes.class)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw IoFailure.of(describe(), name, "looking at", e);
    }
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    try {
      layout.walk(folder, (name, attributes) -> visitor.accept(stored(name, attributes)));
    } catch (IOException e) {
      throw StoreFailure.unavailable(describe(), "listing " + folder, e);
    }
  }

  @Override
  public void delete(ObjectName name) {
    Path file = layout.file(name);
    try {
      if (Files.deleteIfExists(file)) {
        LocalLayout.makeDurable(LocalLayout.folderOf(file));
        layout.removeEmptyFolders(name);
      }
    } catch (IOException e) {
      throw IoFailure.of(describe(), name, "deleting", e);
    }
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    present(name);
    return Optional.empty();
  }

  @Override
  public LockState lockState(ObjectName name) {
    present(name);
    return LockState.FREE;
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    throw StoreFailure.unsupported(describe(), "object lock");
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    throw StoreFailure.unsupported(describe(), "legal hold");
  }

  @Override
  public TierState tierState(ObjectName name) {
    present(name);
    return TierState.online(ObjectTier.HOT);
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    present(name);
    if (tier != ObjectTier.HOT) {
      throw StoreFailure.unsupported(describe(), "the tier " + tier);
    }
  }

  @Override
  public void close() {
    // Files are opened per call; nothing is held between calls.
  }

  /** Another process may delete the last object of a folder, and the folder, at any moment. */
  private void link(Path target, Path temporary) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        layout.createFolders(target);
        Files.createLink(target, temporary);
        return;
      } catch (NoSuchFileException e) {
        if (attempt == LINK_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static void write(Path file, byte[] content, int offset, int length) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      int done = 0;
      while (done < length) {
        int slice = Math.min(SLICE_BYTES, length - done);
        done += channel.write(ByteBuffer.wrap(content, offset + done, slice));
      }
      channel.force(true);
    }
  }

  private static void fill(FileChannel file, long position, byte[] target, int offset, int length)
      throws IOException {
    int done = 0;
    while (done < length) {
      int slice = Math.min(SLICE_BYTES, length - done);
      int got = file.read(ByteBuffer.wrap(target, offset + done, slice), position + done);
      if (got <= 0) {
        throw new EOFException();
      }
      done += got;
    }
  }

  private void present(ObjectName name) {
    if (stat(name).isEmpty()) {
      throw StoreFailure.missing(describe(), name);
    }
  }

  private long lengthOf(ObjectName name) {
    return stat(name).map(StoredObject::lengthBytes).orElse(0L);
  }

  private static StoredObject stored(ObjectName name, BasicFileAttributes attributes) {
    return new StoredObject(name, attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  private static String prefix() {
    return ProcessHandle.current().pid() + "-" + java.util.UUID.randomUUID() + "-";
  }
}
