package io.sendense.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The disk that all read: a file system of 4 GiB with 1,400 MiB of this system's own files and 512
 * MiB of random data, the rest holes. Made once for each folder; the same system gives the same
 * image.
 */
final class Image {
  private static final String SCRIPT =
      """
      set -euo pipefail
      mkdir "$1/stage"
      find /usr/bin /usr/lib /usr/share -xdev -type f -printf '%s %p\\n' | LC_ALL=C sort -k2 |
        awk '{ if (taken + $1 <= 1400 * 1048576) { taken += $1; sub(/^[0-9]+ /, ""); print } }' >"$1/files"
      tar -C / -cf - -T "$1/files" 2>/dev/null | tar -C "$1/stage" -xf -
      head -c 512M /dev/zero | openssl enc -aes-256-ctr -K "$(printf 'ab%.0s' {1..32})" \
        -iv 00000000000000000000000000000000 >"$1/stage/random"
      truncate -s 4G "$1/making.img"
      E2FSPROGS_FAKE_TIME=1767225600 PATH=$PATH:/usr/sbin:/sbin mke2fs -q -F -t ext4 -O ^has_journal \
        -U 01234567-89ab-cdef-0123-456789abcdef -d "$1/stage" \
        -E hash_seed=01234567-89ab-cdef-0123-456789abcdef,root_owner=0:0,lazy_itable_init=0 "$1/making.img"
      rm -rf "$1/stage" "$1/files"
      mv "$1/making.img" "$2"
      """;

  private Image() {}

  static Path inFolder(Processes processes, Path folder) throws IOException {
    Path image = folder.resolve("disk.img");
    if (!Files.exists(image)) {
      processes.run(List.of("rm", "-rf", folder + "/stage", folder + "/making.img"));
      processes.run(List.of("bash", "-c", SCRIPT, "image", folder.toString(), image.toString()));
    }
    return image;
  }

  /** Random bytes that no reader can skip. */
  static Path random(Processes processes, Path folder, int gib) throws IOException {
    Path file = folder.resolve("random-" + gib + "g.raw");
    if (!Files.exists(file)) {
      processes.run(
          List.of(
              "bash",
              "-c",
              "head -c "
                  + gib
                  + "G /dev/zero | openssl enc -aes-256-ctr -K \"$(printf 'cd%.0s' {1..32})\""
                  + " -iv 00000000000000000000000000000000 >$1.making && mv $1.making $1",
              "random",
              file.toString()));
    }
    return file;
  }

  /** Reads a file once, so that it is in page cache for whoever runs next. */
  static void warm(Processes processes, Path file) {
    processes.run(List.of("bash", "-c", "cat \"$1\" >/dev/null", "warm", file.toString()));
  }
}
