package io.sendense.recovery.fs;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A file, directory or other node of a guest's file system. For one thread at a time. What is asked
 * is read then, and every method may fail with GUEST_DAMAGED or GUEST_UNSUPPORTED.
 */
public interface GuestFile {
  Attributes attributes();

  /** The content of a regular file. */
  Content content();

  /**
   * The entries of a directory but "." and "..", in the order in which they lie, until the visitor
   * has enough. Memory stays bounded however many there are.
   */
  void entries(Entry.Visitor visitor);

  /** Where a symbolic link points, as it is written. */
  byte[] target();

  List<Xattr> xattrs();

  /** Further named contents, such as NTFS's alternate streams. */
  default List<Stream> streams() {
    return List.of();
  }

  /** A named content of a file. */
  record Stream(String name, Content content) {}

  /** The entry of this name, found by reading the directory where the format has no better way. */
  default Optional<GuestFile> child(GuestName name) {
    AtomicReference<Optional<Entry>> found = new AtomicReference<>(Optional.empty());
    entries(
        entry -> {
          if (sameName(entry.name(), name)) {
            found.set(Optional.of(entry));
            return false;
          }
          return true;
        });
    return found.get().map(Entry::open);
  }

  /** How this file system compares names. */
  default boolean sameName(GuestName one, GuestName other) {
    return one.equals(other);
  }
}
