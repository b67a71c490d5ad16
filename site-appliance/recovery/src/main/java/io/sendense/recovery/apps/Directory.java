package io.sendense.recovery.apps;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A directory that may be the root of some application's data.
 *
 * @param names of what is in it, at most some thousands
 */
public record Directory(String volume, String path, Set<String> names, GuestFile file) {
  private static final int MOST = 4096;

  /** The beginning of a small text file in it; empty where there is none that can be read. */
  public String text(String name) {
    try {
      return file.child(GuestName.of(name))
          .filter(found -> found.attributes().kind() == FileKind.FILE)
          .map(found -> start(found.content()))
          .orElse("");
    } catch (SendenseException damaged) {
      return "";
    }
  }

  private static String start(Content content) {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST, content.sizeBytes()));
    if (bytes.hasRemaining()) {
      content.read(0, bytes);
    }
    return new String(bytes.array(), StandardCharsets.UTF_8).strip();
  }
}
