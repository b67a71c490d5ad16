package io.sendense.recovery.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The guest's table of file systems (fstab(5)), with all that is not changed kept as it is. */
final class Fstab {
  private static final Pattern LINE =
      Pattern.compile("^(\\s*)([^#\\s]\\S*)(\\s+)(\\S+)(\\s+)(\\S+)(.*)$");

  private Fstab() {}

  /** A line that mounts something or adds swap space. */
  record Entry(String device, String path, String type, String options) {
    DeviceText.Use use() {
      if (path.equals("/")) {
        return DeviceText.Use.ROOT;
      }
      return type.equals("swap") ? DeviceText.Use.SWAP : DeviceText.Use.FILES;
    }
  }

  static List<Entry> entries(String text) {
    List<Entry> found = new ArrayList<>();
    text.lines()
        .forEach(
            line -> {
              Matcher matcher = LINE.matcher(line);
              if (matcher.matches()) {
                found.add(
                    new Entry(
                        matcher.group(2),
                        unescaped(matcher.group(4)),
                        matcher.group(6),
                        matcher.group(7).strip().split("\\s+", 2)[0]));
              }
            });
    return found;
  }

  /** The table with devices by UUID; empty where nothing changes. */
  static Optional<String> rewritten(String text, DeviceText devices) {
    StringBuilder out = new StringBuilder();
    boolean changed = false;
    for (String line : text.split("(?<=\n)")) {
      Matcher matcher = LINE.matcher(line.stripTrailing());
      Optional<String> stable = Optional.empty();
      if (matcher.matches()) {
        Entry entry = entries(line).getFirst();
        stable = devices.stable(entry.device(), entry.use(), "/etc/fstab");
      }
      if (stable.isPresent()) {
        changed = true;
        out.append(matcher.group(1)).append(stable.get()).append(line.substring(matcher.end(2)));
      } else {
        out.append(line);
      }
    }
    return changed ? Optional.of(out.toString()) : Optional.empty();
  }

  private static String unescaped(String path) {
    return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }
}
