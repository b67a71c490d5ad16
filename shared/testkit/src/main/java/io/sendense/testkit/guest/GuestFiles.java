package io.sendense.testkit.guest;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What all guests are put together with: QEMU's agent in an initramfs, and parts of disks. */
final class GuestFiles {
  static final long MEBIBYTE = 1 << 20;

  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final Pattern LIBRARY = Pattern.compile("(?:=> |^\\s*)(/\\S+)", Pattern.MULTILINE);

  private GuestFiles() {}

  /** QEMU's agent with its libraries, in an archive without folders yet. */
  static void agent(CpioArchive cpio, Path agent) throws IOException {
    for (String folder : List.of("lib", "lib64", "usr", "usr/sbin", "etc")) {
      cpio.directory(folder);
    }
    cpio.file("usr/sbin/qemu-ga", Files.readAllBytes(agent));
    // All of them come with QEMU itself, so the host has them.
    Matcher libraries =
        LIBRARY.matcher(ChildProcess.run(DEADLINE, "ldd", agent.toString()).orFail().stdout());
    Map<String, Path> found = new TreeMap<>();
    while (libraries.find()) {
      Path library = Path.of(libraries.group(1));
      boolean loader = library.startsWith("/lib64");
      found.put((loader ? "lib64/" : "lib/") + library.getFileName(), library);
    }
    for (Map.Entry<String, Path> one : found.entrySet()) {
      cpio.file(one.getKey(), Files.readAllBytes(one.getValue()));
    }
  }

  /** An empty file of that size. */
  static void sized(Path file, int mebibytes) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel made =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      made.write(ByteBuffer.allocate(1), mebibytes * MEBIBYTE - 1);
    }
  }

  /** Copies a part to its place on a disk. */
  static void place(Path part, Path disk, long at) {
    run(
        "dd",
        "if=" + part,
        "of=" + disk,
        "bs=1M",
        "oflag=seek_bytes",
        "seek=" + at,
        "conv=notrunc,sparse",
        "status=none");
  }

  static void run(String tool, Object... arguments) {
    ChildProcess.run(
            DEADLINE,
            Stream.concat(
                    Stream.of(Peers.require(tool).toString()),
                    Stream.of(arguments).map(String::valueOf))
                .toList())
        .orFail();
  }
}
