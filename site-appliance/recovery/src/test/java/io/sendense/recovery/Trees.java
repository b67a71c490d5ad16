package io.sendense.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder as a map from each path in it to everything that can be compared. */
final class Trees {
  private Trees() {}

  enum What {
    MODE,
    OWNER,
    /** To the second: not every tool that makes images keeps more. */
    TIME,
    XATTRS,
    LINKS
  }

  static final Set<What> ALL = Collections.unmodifiableSet(EnumSet.allOf(What.class));

  static Map<String, String> describe(Path folder, Set<What> what) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        String name = folder.relativize(path).toString();
        // What mke2fs and others add to a root of theirs.
        if (!name.equals("lost+found")) {
          found.put(
              name,
              describe(
                  path,
                  Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS),
                  what,
                  name.isEmpty()));
        }
      }
    }
    if (what.contains(What.XATTRS)) {
      xattrs(folder, found);
    }
    return found;
  }

  private static String describe(Path path, Map<String, Object> has, Set<What> what, boolean root)
      throws IOException {
    StringBuilder text = new StringBuilder();
    boolean link = Files.isSymbolicLink(path);
    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    int mode = (int) number(has, "mode");
    text.append(Integer.toOctalString(what.contains(What.MODE) && !root ? mode : mode & 0170000));
    if (what.contains(What.OWNER) && !root) {
      text.append(" owner ").append(has.get("uid")).append(':').append(has.get("gid"));
    }
    if (what.contains(What.TIME) && !root) {
      text.append(" time ").append(seconds(has));
    }
    if (link) {
      return text.append(" -> ").append(Files.readSymbolicLink(path)).toString();
    }
    if (what.contains(What.LINKS) && !directory) {
      text.append(" links ").append(has.get("nlink"));
    }
    if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      text.append(' ').append(Files.size(path)).append(' ').append(sha256(path));
    }
    return text.toString();
  }

  private static long seconds(Map<String, Object> has) {
    return has.get("lastModifiedTime") instanceof FileTime time
        ? time.toInstant().getEpochSecond()
        : 0;
  }

  private static long number(Map<String, Object> has, String key) {
    return has.get(key) instanceof Number number ? number.longValue() : 0;
  }

  private static void xattrs(Path folder, Map<String, String> found) {
    String all =
        Tools.run(
            "getfattr", "-R", "-P", "-h", "-d", "-m", "-", "-e", "hex", "--absolute-names", folder);
    String at = "";
    for (String line : all.lines().toList()) {
      if (line.startsWith("# file: ")) {
        Path path = Path.of(unescape(line.substring(8)));
        at = folder.relativize(path).toString();
      } else if (!line.isBlank()) {
        found.computeIfPresent(at, (_, text) -> text + " " + line);
      }
    }
  }

  /** getfattr writes bytes that are not ASCII as \NNN. */
  private static String unescape(String text) {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.writeBytes(
            text.substring(i, i + 1).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  static String sha256(Path path) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
