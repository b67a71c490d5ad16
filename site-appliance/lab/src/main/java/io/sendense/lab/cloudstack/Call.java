package io.sendense.lab.cloudstack;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One verified request: names of parameters in lower case, for they are the same in any case. */
record Call(String command, Map<String, String> parameters, Row account) {
  static Map<String, String> lower(Map<String, String> parameters) {
    Map<String, String> lower = new TreeMap<>();
    parameters.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    return lower;
  }

  /** Empty text where it was not given. */
  String get(String name) {
    return parameters.getOrDefault(name, "");
  }

  Optional<String> optional(String name) {
    return Optional.of(get(name)).filter(value -> !value.isEmpty());
  }

  String require(String name) {
    return optional(name)
        .orElseThrow(
            () ->
                new LabError(
                    LabError.PARAMETER,
                    "Unable to execute API command "
                        + command.toLowerCase(Locale.ROOT)
                        + " due to missing parameter "
                        + name));
  }

  boolean admin() {
    return account.is("accounttype", 1);
  }

  boolean flag(String name) {
    return get(name).equalsIgnoreCase("true");
  }
}
