package io.sendense.testkit.postgres;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.Folders;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks the PostgreSQL programs that Maven brought, once per folder and version. */
final class PostgresBinaries {
  private static final String BUNDLE = "/postgres-linux-x86_64.txz";

  private PostgresBinaries() {}

  /** The folder with {@code bin}, {@code lib} and {@code share}; unpacked if it is not there. */
  static Path unpack(Path cache) {
    try (InputStream bundle = PostgresBinaries.class.getResourceAsStream(BUNDLE)) {
      if (bundle == null || !System.getProperty("os.arch").equals("amd64")) {
        throw new SendenseException(
            ErrorCode.MISSING_TOOL,
            "there is no bundled PostgreSQL for " + System.getProperty("os.arch"),
            "Give the address of a PostgreSQL 18 of your own instead.");
      }
      Path ready = cache.resolve("postgresql");
      if (!Files.isExecutable(ready.resolve("bin/postgres"))) {
        Files.createDirectories(cache);
        Path fresh = Files.createTempDirectory(cache, "unpacking");
        extract(bundle, fresh);
        // Another process may have been faster; then its copy is as good.
        if (!Folders.moveIfAbsent(fresh, ready)) {
          Folders.delete(fresh);
        }
      }
      return ready;
    } catch (IOException e) {
      throw new UncheckedIOException("could not unpack PostgreSQL to " + cache, e);
    }
  }

  private static void extract(InputStream bundle, Path folder) throws IOException {
    Path target = folder.toAbsolutePath().normalize();
    Files.setPosixFilePermissions(target, mode(0755));
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(bundle)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("the bundle holds a path outside of itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(path.getParent());
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(path.getParent());
          Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
          Files.setPosixFilePermissions(path, mode(entry.getMode()));
        }
      }
    }
  }

  private static Set<PosixFilePermission> mode(int bits) {
    EnumSet<PosixFilePermission> result = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((bits & 0400 >> i) != 0) {
        result.add(all[i]);
      }
    }
    return result;
  }
}
