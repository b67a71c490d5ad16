package io.sendense.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.tukaani.xz.XZInputStream;

/** Images that the kernel's file systems wrote (golden/make.sh), with a tar of what they held. */
final class Golden {
  private Golden() {}

  static Path file(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in =
        new XZInputStream(
            Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + name + ".xz")))) {
      Files.copy(in, file);
    }
    return file;
  }

  static Path untarred(Path folder, String name) throws IOException {
    Path into = Files.createDirectory(folder.resolve("untarred"));
    Tools.run(
        "tar", "--acls", "--xattrs", "--xattrs-include=*", "-xpf", file(folder, name), "-C", into);
    return into;
  }
}
