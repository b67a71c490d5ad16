package io.sendense.recovery;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Random;

/** A folder with one of everything that a copy has to keep. The same for the same seed. */
final class Sample {
  private static final Instant TIME = Instant.parse("2021-03-04T05:06:07.123456789Z");

  private Sample() {}

  /** Files, folders, names and holes: what every file system knows. */
  static Path plain(Path folder) throws IOException {
    Random random = new Random(1);
    Files.createDirectories(folder);
    write(folder.resolve("empty"), new byte[0]);
    write(folder.resolve("small"), "a few words\n".getBytes(StandardCharsets.UTF_8));
    write(folder.resolve("large"), random(random, 3_000_001));
    write(folder.resolve("README with spaces.txt"), random(random, 5000));
    write(folder.resolve("Übergrößenträger-日本語-🙂.txt"), random(random, 100));
    write(folder.resolve("n".repeat(200)), random(random, 10));
    Path deep = folder;
    for (int i = 0; i < 12; i++) {
      deep = Files.createDirectory(deep.resolve("level" + i));
    }
    write(deep.resolve("bottom"), random(random, 4097));
    Path many = Files.createDirectory(folder.resolve("many"));
    for (int i = 0; i < 1500; i++) {
      write(many.resolve("a rather long name of file number " + i), random(random, i % 40));
    }
    Files.createDirectory(folder.resolve("nothing inside"));
    try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(40 << 20);
      for (int at : new int[] {0, 5 << 20, 17 << 20, 39 << 20}) {
        sparse.seek(at);
        sparse.write(random(random, 70_000));
      }
    }
    time(folder.resolve("sparse"), TIME);
    return folder;
  }

  /** What Linux's file systems know beyond: links, modes, attributes and ACLs. */
  static Path linux(Path folder) throws IOException {
    plain(folder);
    Files.createSymbolicLink(folder.resolve("short link"), Path.of("small"));
    Files.createSymbolicLink(folder.resolve("long link"), Path.of("../".repeat(30) + "etc/passwd"));
    Files.createSymbolicLink(folder.resolve("dangling"), Path.of("/no/such/file"));
    Files.createLink(folder.resolve("many/second name of large"), folder.resolve("large"));
    mode(folder.resolve("small"), "rwxr-x--x");
    mode(folder.resolve("nothing inside"), "rwx-wx--x");
    Tools.run("chmod", "4755", folder.resolve("README with spaces.txt"));
    Tools.run("chmod", "1777", folder.resolve("many"));
    Tools.run("setfattr", "-n", "user.comment", "-v", "hello", folder.resolve("small"));
    Tools.run("setfattr", "-n", "user.long", "-v", "x".repeat(900), folder.resolve("large"));
    Tools.run("setfattr", "-n", "user.dir", "-v", "d", folder.resolve("level0"));
    Tools.run("setfacl", "-m", "u:1234:rw,g:4321:r", folder.resolve("empty"));
    Tools.run("setfacl", "-d", "-m", "u:77:rwx", folder.resolve("level0"));
    Tools.run("mkfifo", folder.resolve("level0/pipe"));
    time(folder.resolve("small"), TIME);
    time(folder.resolve("short link"), TIME.plusSeconds(5));
    time(folder.resolve("empty"), Instant.parse("1969-12-31T23:00:00.5Z"));
    time(folder.resolve("many"), TIME.plusSeconds(9));
    return folder;
  }

  static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
  }

  static void time(Path file, Instant time) throws IOException {
    Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(time), FileTime.from(time.plusSeconds(1)), null);
  }

  private static void mode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
