package io.sendense.connectors.disk;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a disk is: a raw file or block device, a qcow2 file, or an NBD export.
 *
 * <p>The format is never guessed from the content. A guest can write any bytes to the start of its
 * raw disk; a reader that probes would then open the disk as a qcow2 image whose backing file is
 * whatever host file the guest named, and hand that file's content out with the next restore. So a
 * path is raw unless its name ends in {@code .qcow2} or it is written as {@code qcow2:PATH}.
 */
public sealed interface DiskUri {

  /** A raw file or a block device. */
  record Raw(Path path) implements DiskUri {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A qcow2 file; its backing files are read as its header names them. */
  record Qcow2(Path path) implements DiskUri {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * An NBD export.
   *
   * @param uri without fragment, such as {@code nbd+unix:///vda?socket=/run/vm.sock}
   * @param bitmap name of the dirty bitmap that has recorded every write since the newest restore
   *     point of this disk
   */
  record Nbd(String uri, Optional<String> bitmap) implements DiskUri {
    @Override
    public String toString() {
      return uri + bitmap.map(name -> "#bitmap=" + name).orElse("");
    }
  }

  /** Where the disk is, without what tracks it: equal for two captures of the same disk. */
  default String place() {
    return switch (this) {
      case Raw raw -> "raw:" + raw.path().toAbsolutePath().normalize();
      case Qcow2 qcow2 -> "qcow2:" + qcow2.path().toAbsolutePath().normalize();
      case Nbd nbd -> nbd.uri();
    };
  }

  /**
   * Reads {@code PATH}, {@code raw:PATH}, {@code qcow2:PATH} or an NBD URI with an optional {@code
   * #bitmap=NAME}.
   *
   * @throws SendenseException BAD_ARGUMENT, also for a name that shows an image format that is not
   *     read here
   */
  static DiskUri parse(String text) {
    if (text.startsWith("nbd:")
        || text.startsWith("nbds:")
        || text.startsWith("nbd+")
        || text.startsWith("nbds+")) {
      return nbd(text);
    }
    if (text.startsWith("raw:")) {
      return new Raw(path(text.substring("raw:".length())));
    }
    if (text.startsWith("qcow2:")) {
      return new Qcow2(path(text.substring("qcow2:".length())));
    }
    Path path = path(text);
    String name = text.toLowerCase(Locale.ROOT);
    if (name.endsWith(".qcow2")) {
      return new Qcow2(path);
    }
    for (String foreign : new String[] {".vmdk", ".vhdx", ".vhd", ".vdi", ".qed", ".ova"}) {
      if (name.endsWith(foreign)) {
        throw new SendenseException(
            ErrorCode.BAD_ARGUMENT,
            "disk " + text + ": " + foreign.substring(1) + " images are not read",
            "Convert it (qemu-img convert -O qcow2), serve it over NBD (qemu-nbd --read-only), or"
                + " write raw:"
                + text
                + " to protect the file's bytes as they are.");
      }
    }
    return new Raw(path);
  }

  private static Path path(String text) {
    if (text.isBlank() || text.indexOf('\0') >= 0) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "a disk has an empty path", "Give --disk a path or an NBD URI.");
    }
    return Path.of(text);
  }

  private static DiskUri nbd(String text) {
    int hash = text.indexOf('#');
    if (hash < 0) {
      return new Nbd(text, Optional.empty());
    }
    String fragment = text.substring(hash + 1);
    String bitmap = fragment.startsWith("bitmap=") ? fragment.substring("bitmap=".length()) : "";
    if (bitmap.isEmpty() || bitmap.length() > 1023) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "disk " + text + ": what follows the # is not bitmap=NAME",
          "Name a dirty bitmap as in nbd+unix:///vda?socket=/run/vm.sock#bitmap=b0.");
    }
    return new Nbd(text.substring(0, hash), Optional.of(bitmap));
  }
}
