package io.sendense.lab.cloudstack;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Which commands there are, since when and for whom. */
final class Commands {
  private final Map<String, Command> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final LabVersion version;

  Commands(LabVersion version) {
    this.version = version;
  }

  /**
   * @param response name of the object that answers
   */
  private record Command(
      String response, LabVersion since, boolean admin, Function<Call, Map<String, Object>> work) {}

  void add(String name, Function<Call, Map<String, Object>> work) {
    add(name, LabVersion.ALWAYS, false, work);
  }

  void admin(String name, Function<Call, Map<String, Object>> work) {
    add(name, LabVersion.ALWAYS, true, work);
  }

  void add(String name, LabVersion since, boolean admin, Function<Call, Map<String, Object>> work) {
    named(name, name.toLowerCase(Locale.ROOT) + "response", since, admin, work);
  }

  void named(
      String name,
      String response,
      LabVersion since,
      boolean admin,
      Function<Call, Map<String, Object>> work) {
    all.put(name, new Command(response, since, admin, work));
  }

  /** Name of the answer's object, also where the command is refused. */
  String responseOf(String command) {
    return Optional.ofNullable(all.get(command)).map(Command::response).orElse("errorresponse");
  }

  /** The answer to a verified call. */
  Map<String, Object> answer(Call call) {
    Command command = all.get(call.command());
    if (command == null || !version.has(command.since()) || (command.admin() && !call.admin())) {
      throw new LabError(
          LabError.UNSUPPORTED,
          "The given command '"
              + call.command()
              + "' either does not exist, is not available for user, or not available from ip"
              + " address '127.0.0.1'.");
    }
    return command.work().apply(call);
  }

  static Map<String, Object> object(String name, Object value) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put(name, value);
    return object;
  }
}
