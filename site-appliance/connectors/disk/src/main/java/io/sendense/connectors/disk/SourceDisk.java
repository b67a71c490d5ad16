package io.sendense.connectors.disk;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A disk of a machine under the name that its restore points keep.
 *
 * @param name 1 to 32 of a-z, 0-9 and -, starting with a letter; unique within the machine
 */
public record SourceDisk(String name, DiskUri uri) {
  /** More disks than any hypervisor here attaches; bounds the baseline token. */
  static final int MAX_DISKS = 24;

  private static final Pattern NAMED = Pattern.compile("([a-z][a-z0-9-]{0,31})=(.+)");

  /**
   * Reads {@code [NAME=]URI} arguments. A disk without a name is called {@code disk0}, {@code
   * disk1}, ... by its place in the list; a path that holds an equals sign is written with a
   * leading {@code ./} or {@code /}.
   *
   * @throws SendenseException BAD_ARGUMENT for a bad URI, a name given twice or too many disks
   */
  public static List<SourceDisk> parseAll(List<String> arguments) {
    if (arguments.size() > MAX_DISKS) {
      throw bad(arguments.size() + " disks were given, at most " + MAX_DISKS + " are read at once");
    }
    List<SourceDisk> disks = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String argument : arguments) {
      Matcher named = NAMED.matcher(argument);
      String name = named.matches() ? named.group(1) : "disk" + disks.size();
      String uri = named.matches() ? named.group(2) : argument;
      if (!names.add(name)) {
        throw bad("two disks are called " + name);
      }
      disks.add(new SourceDisk(name, DiskUri.parse(uri)));
    }
    return List.copyOf(disks);
  }

  private static SendenseException bad(String what) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT, what, "Name each disk once, as in --disk vda=/images/vda.img.");
  }
}
