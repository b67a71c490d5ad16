package io.sendense.recovery.registry;

import io.sendense.recovery.fs.Content;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One hive. Changes are made in memory, in pages; {@link #finish} tells which. For one thread.
 *
 * <p>Written from the public descriptions of the format (M. Suhanov, "Windows registry file format
 * specification"; J. Metz, "Windows NT Registry File (REGF) format").
 */
public final class Hive {
  private static final long EPOCH_SECONDS = 11_644_473_600L;

  private final Pages pages;
  private final Cells cells;
  private final Key root;
  private final long now;
  private boolean changed;

  private Hive(Content content, String name, Instant now) {
    if (content.sizeBytes() < 2 * Pages.PAGE) {
      throw io.sendense.recovery.block.Guest.damaged(
          "registry hive", name, 0, "it has " + content.sizeBytes() + " bytes");
    }
    this.now = (now.getEpochSecond() + EPOCH_SECONDS) * 10_000_000L + now.getNano() / 100;
    pages = new Pages(content, name);
    base();
    cells = new Cells(pages);
    root = Key.open(this, pages.i32(36));
  }

  /**
   * @param name for messages
   * @param now what keys that are changed say of when
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED; GUEST_UNSUPPORTED where changes are
   *     still in its logs
   */
  public static Hive open(Content content, String name, Instant now) {
    return new Hive(content, name, now);
  }

  public Key root() {
    return root;
  }

  /**
   * @param path names with a backslash between, from the root
   */
  public Optional<Key> find(String path) {
    Optional<Key> at = Optional.of(root);
    for (String name : path.split("\\\\", -1)) {
      at = at.flatMap(key -> key.key(name));
    }
    return at;
  }

  /** The key there; where it is missing it is made, with all that is missing on the way. */
  public Key make(String path) {
    Key at = root;
    for (String name : path.split("\\\\", -1)) {
      at = at.make(name);
    }
    return at;
  }

  /**
   * Ends the changes and says which bytes of the file are others now; none where nothing was
   * changed. The file may be longer afterwards.
   */
  public List<Patch> finish() {
    if (changed) {
      int sequence = pages.i32(4) + 1;
      pages.put32(4, sequence);
      pages.put32(8, sequence);
      pages.put64(12, now);
      pages.put32(40, cells.binsBytes());
      pages.put32(508, sum());
      changed = false;
    }
    return pages.patches();
  }

  Cells cells() {
    return cells;
  }

  /** For what is written: Windows's own count of time. */
  long change() {
    changed = true;
    return now;
  }

  /** The minor version, by which newer structures are known. */
  int minor() {
    return pages.i32(24);
  }

  private void base() {
    if (pages.i32(0) != 0x6667_6572) { // "regf"
      throw pages.damaged(0, "it does not begin with regf");
    }
    if (pages.i32(20) != 1 || minor() < 3 || minor() > 6 || pages.i32(28) != 0) {
      throw pages.unsupported("version " + pages.i32(20) + "." + minor());
    }
    if (pages.i32(508) != sum()) {
      throw pages.damaged(508, "the sum of its first sector is another one");
    }
    if (pages.i32(4) != pages.i32(8)) {
      throw pages.unsupported(
          "its last changes are in its logs, because Windows was running or was cut off: shut it"
              + " down with shutdown /s /t 0 and make a point then");
    }
  }

  private int sum() {
    int sum = 0;
    for (int at = 0; at < 508; at += 4) {
      sum ^= pages.i32(at);
    }
    return sum == -1 ? -2 : sum == 0 ? 1 : sum;
  }
}
