package io.sendense.simulation;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Options with a number each.
 *
 * @param wrong what is wrong with them, in a sentence
 */
public record Options(Map<String, Long> values, Optional<String> wrong) {
  /** Reads them; what is not given has its default, and what has none is not known. */
  public static Options parse(String[] arguments, Map<String, Long> defaults) {
    Map<String, Long> values = new TreeMap<>(defaults);
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i];
      if (!defaults.containsKey(name)
          || i + 1 == arguments.length
          || !arguments[i + 1].matches("[0-9]{1,15}")) {
        return new Options(
            values,
            Optional.of(
                "option "
                    + name
                    + " is not understood; known are "
                    + new TreeMap<>(defaults)
                    + ", each with a number"));
      }
      values.put(name, Long.parseLong(arguments[i + 1]));
    }
    return new Options(values, Optional.empty());
  }

  public long number(String name) {
    return values.getOrDefault(name, 0L);
  }
}
