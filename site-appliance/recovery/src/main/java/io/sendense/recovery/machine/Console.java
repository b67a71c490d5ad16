package io.sendense.recovery.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a guest writes to its serial console: the first 4 MiB are kept, all of it is watched for
 * what tells how the boot went. Thread-safe.
 */
public final class Console {
  private static final int KEPT_BYTES = 4 << 20;
  private static final int WATCHED_CHARS = 8 << 10;

  private static final Pattern LOGIN = Pattern.compile("(?m)^[\\w.-]{1,64} login: ?");

  /** The words of Linux's kernel, of initramfs-tools, dracut, systemd, GRUB and SeaBIOS. */
  private static final List<String> STUCK =
      List.of(
          "Kernel panic - not syncing",
          "(initramfs) ",
          "dracut:/#",
          "You are in emergency mode",
          "You are in rescue mode",
          "grub rescue>",
          "No bootable device");

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final StringBuilder tail = new StringBuilder();
  private boolean login;
  private Optional<String> stuck = Optional.empty();
  private final Optional<String> marker;
  private boolean marked;

  /**
   * @param marker a text whose appearance is waited for; empty for none
   */
  public Console(Optional<String> marker) {
    this.marker = marker;
  }

  void drain(InputStream in) {
    Thread.ofVirtual()
        .name("console")
        .start(
            () -> {
              byte[] buffer = new byte[8192];
              try (in) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                  add(buffer, n);
                }
              } catch (IOException gone) {
                add(buffer, 0);
              }
            });
  }

  synchronized void add(byte[] bytes, int count) {
    kept.write(bytes, 0, Math.min(count, KEPT_BYTES - kept.size()));
    tail.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
    login |= LOGIN.matcher(tail).find();
    marked |= marker.filter(text -> tail.indexOf(text) >= 0).isPresent();
    if (stuck.isEmpty()) {
      stuck = STUCK.stream().filter(text -> tail.indexOf(text) >= 0).findFirst().map(this::line);
    }
    if (tail.length() > WATCHED_CHARS) {
      tail.delete(0, tail.length() - WATCHED_CHARS / 2);
    }
  }

  /** Whether a login prompt was seen. */
  public synchronized boolean login() {
    return login;
  }

  public synchronized boolean marked() {
    return marked;
  }

  /** The line that says that this boot leads nowhere. */
  public synchronized Optional<String> stuck() {
    return stuck;
  }

  public synchronized byte[] bytes() {
    return kept.toByteArray();
  }

  /** The line that a text stands in, without what a terminal would obey. */
  private String line(String text) {
    Matcher matcher = Pattern.compile("[^\r\n]*" + Pattern.quote(text) + "[^\r\n]*").matcher(tail);
    return plain(matcher.find() ? matcher.group() : text);
  }

  /** At most 200 characters of a guest's words that are safe to show. */
  public static String plain(String text) {
    String shown = text.replaceAll("[^\\x20-\\x7e\\xa1-\\ud7ff]", "").strip();
    return shown.length() > 200 ? shown.substring(0, 200) : shown;
  }
}
