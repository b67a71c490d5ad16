package io.sendense.demo.guest;

import io.sendense.domain.SendenseException;
import io.sendense.testkit.guest.GuestPackages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The guest's kernel and initramfs, made from Debian's own packages. */
public record GuestImage(Path kernel, Path initrd) {
  /**
   * Takes the image from the cache folder or builds it there. The packages are fetched once; the
   * initramfs is always written anew, as its scripts may have changed.
   *
   * @throws SendenseException MISSING_TOOL or INTERNAL with apt's own words
   */
  public static GuestImage build(Path cacheFolder) {
    GuestPackages packages = GuestPackages.in(cacheFolder);
    Path initrd = cacheFolder.toAbsolutePath().resolve("initrd.gz");
    packages.initramfs(
        initrd,
        cpio -> {
          for (String script : List.of("init", "writer", "verify")) {
            cpio.file(script, script(script));
          }
        });
    return new GuestImage(packages.kernel(), initrd);
  }

  private static byte[] script(String name) throws IOException {
    try (@Nullable InputStream in = GuestImage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the guest's script " + name + " is not in this build");
      }
      return in.readAllBytes();
    }
  }
}
