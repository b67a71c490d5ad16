package io.sendense.repository.local;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where objects lie below the store's directory: {@code objects/<folder>/<shard>/<last part>},
 * where the shard is one byte, in hexadecimal, of a checksum of the last part. So no directory
 * grows beyond what file servers take well, and names can be listed by folder.
 */
final class LocalLayout {
  private static final String OBJECTS = "objects";
  private static final String TEMPORARY = "temporary";

  private final Path root;

  private LocalLayout(Path root) {
    this.root = root;
  }

  static LocalLayout create(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      try (Stream<Path> inside = Files.list(root)) {
        if (inside.anyMatch(path -> !path.endsWith("lost+found"))) {
          throw new SendenseException(
              ErrorCode.ALREADY_EXISTS,
              "directory " + root + " is not empty",
              "Give an empty or new directory; nothing was changed.");
        }
      }
      Files.createDirectory(root.resolve(OBJECTS));
      Files.createDirectory(root.resolve(TEMPORARY));
      makeDurable(root);
      return new LocalLayout(root);
    } catch (FileAlreadyExistsException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, root + " is not a directory", "Give a directory.", e);
    } catch (IOException e) {
      throw StoreFailure.unavailable(root.toString(), "creating the store", e);
    }
  }

  static LocalLayout open(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    if (!Files.isDirectory(root.resolve(OBJECTS))) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "there is no repository in " + root,
          "Check the path and that the file system is mounted, or make one with"
              + " `repository init`.");
    }
    try {
      Files.createDirectories(root.resolve(TEMPORARY));
    } catch (IOException e) {
      // A read-only mount can still be read; a put will say what is wrong.
      return new LocalLayout(root);
    }
    return new LocalLayout(root);
  }

  Path root() {
    return root;
  }

  Path temporary(String name) {
    return root.resolve(TEMPORARY).resolve(name);
  }

  Path file(ObjectName name) {
    int slash = name.value().lastIndexOf('/');
    String last = name.value().substring(slash + 1);
    Path folder = root.resolve(OBJECTS);
    if (slash > 0) {
      folder = folder.resolve(name.value().substring(0, slash));
    }
    return folder.resolve(shard(last)).resolve(last);
  }

  /** Makes the directories above a file, each durable in the one above it. */
  void createFolders(Path file) throws IOException {
    Path folder = folderOf(file);
    if (Files.isDirectory(folder)) {
      return;
    }
    createFolders(folder);
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        // Removed since by whoever deleted the last object in it, or no folder at all.
        throw Files.exists(folder) ? e : new NoSuchFileException(folder.toString());
      }
    }
    makeDurable(folderOf(folder));
  }

  /**
   * Removes the folders that an object's deletion left empty, so that what many writers wrote once
   * is not walked for ever. Those of the first level, such as {@code points}, and their shards stay
   * for the next object.
   */
  void removeEmptyFolders(ObjectName deleted) {
    if (deleted.value().indexOf('/') == deleted.value().lastIndexOf('/')) {
      return;
    }
    Path objects = root.resolve(OBJECTS);
    Path folder = folderOf(file(deleted));
    try {
      while (!folder.equals(objects)) {
        Files.delete(folder);
        folder = folderOf(folder);
      }
    } catch (IOException e) {
      // Something lies in it, or another removed it: either way it is not ours to remove.
      return;
    }
  }

  /** Visits the objects below a folder of names, ascending by name. */
  void walk(String folder, BiConsumer<ObjectName, BasicFileAttributes> visitor) throws IOException {
    Path start = root.resolve(OBJECTS);
    if (!folder.isEmpty()) {
      start = start.resolve(new ObjectName(folder).value());
    }
    walk(start, folder, visitor);
  }

  static Path folderOf(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no folder above " + file);
    }
    return parent;
  }

  static void makeDurable(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * A shard is a directory of two characters that holds files; a folder of names of that length
   * holds directories. So files seen two levels down are this folder's objects.
   */
  private void walk(Path at, String folder, BiConsumer<ObjectName, BasicFileAttributes> visitor)
      throws IOException {
    Map<String, Found> below = new TreeMap<>();
    for (Path child : children(at)) {
      String name = String.valueOf(child.getFileName());
      if (!Files.isDirectory(child)) {
        continue;
      }
      boolean subfolder = false;
      for (Path grandchild : children(child)) {
        BasicFileAttributes attributes;
        try {
          attributes = Files.readAttributes(grandchild, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
          // Deleted since it was listed, which the contract allows us not to see.
          continue;
        }
        String last = String.valueOf(grandchild.getFileName());
        if (attributes.isDirectory()) {
          subfolder = true;
        } else if (name.equals(shard(last))) {
          below.put(last, new Found(grandchild, attributes));
        }
      }
      if (subfolder) {
        // The slash sorts a folder's content as the full names sort.
        below.put(name + "/", new Found(child, null));
      }
    }
    for (Map.Entry<String, Found> entry : below.entrySet()) {
      String path = folder.isEmpty() ? entry.getKey() : folder + "/" + entry.getKey();
      BasicFileAttributes attributes = entry.getValue().attributes();
      if (attributes == null) {
        walk(entry.getValue().path(), path.substring(0, path.length() - 1), visitor);
      } else {
        visitor.accept(new ObjectName(path), attributes);
      }
    }
  }

  /** A file with its attributes, or a folder without. */
  private record Found(Path path, @Nullable BasicFileAttributes attributes) {}

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  private static String shard(String last) {
    CRC32C checksum = new CRC32C();
    checksum.update(last.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().toHexDigits((byte) checksum.getValue());
  }
}
