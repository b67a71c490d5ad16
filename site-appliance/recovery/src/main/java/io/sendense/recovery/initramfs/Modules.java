package io.sendense.recovery.initramfs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The modules of one kernel as depmod wrote them down (modules.dep, modules.builtin). Names have
 * underscores for hyphens, as the kernel itself does.
 */
public final class Modules {
  private static final int MOST = 50_000;

  private final Map<String, String> paths = new LinkedHashMap<>();
  private final Map<String, List<String>> needs = new LinkedHashMap<>();
  private final Set<String> builtin = new LinkedHashSet<>();

  /**
   * @param dep the text of modules.dep
   * @param builtin the text of modules.builtin
   */
  public Modules(String dep, String builtin) {
    dep.lines()
        .limit(MOST)
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                String name = name(line.substring(0, colon));
                paths.put(name, line.substring(0, colon));
                List<String> all = new ArrayList<>();
                for (String one : line.substring(colon + 1).trim().split(" +")) {
                  if (!one.isEmpty()) {
                    all.add(name(one));
                  }
                }
                needs.put(name, List.copyOf(all));
              }
            });
    builtin.lines().limit(MOST).forEach(line -> this.builtin.add(name(line.strip())));
  }

  /** Of a module's file. */
  public static String name(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    int end = file.indexOf(".ko");
    return (end < 0 ? file : file.substring(0, end)).replace('-', '_');
  }

  /** Whether the kernel can drive it, by a module or without one. */
  public boolean has(String name) {
    return paths.containsKey(name) || builtin.contains(name);
  }

  public boolean isBuiltin(String name) {
    return builtin.contains(name);
  }

  /** Of a module's file, from the folder of the kernel's modules. */
  public Optional<String> path(String name) {
    return Optional.ofNullable(paths.get(name));
  }

  /**
   * These modules and all they need, in the order in which they can be loaded; what the kernel has
   * in it or does not have at all is left out.
   */
  public List<String> closure(List<String> names) {
    Set<String> found = new LinkedHashSet<>();
    for (String name : names) {
      add(name, found, new LinkedHashSet<>());
    }
    return List.copyOf(found);
  }

  private void add(String name, Set<String> found, Set<String> way) {
    if (!paths.containsKey(name) || found.contains(name) || !way.add(name) || way.size() > 100) {
      return;
    }
    for (String needed : needs.getOrDefault(name, List.of())) {
      add(needed, found, way);
    }
    found.add(name);
    way.remove(name);
  }

  /** The lines of a modules.dep for some of the modules at places of their own. */
  Map<String, String> lines(Map<String, String> placed) {
    Map<String, String> lines = new LinkedHashMap<>();
    placed.forEach(
        (name, path) -> {
          StringBuilder line = new StringBuilder(path).append(':');
          for (String needed : needs.getOrDefault(name, List.of())) {
            String place = placed.get(needed);
            if (place != null) {
              line.append(' ').append(place);
            }
          }
          lines.put(name, line.toString());
        });
    return lines;
  }
}
