package io.sendense.recovery.prove;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Reads check specifications: {@code WHAT[;within=SECONDS][;optional]}. See docs/guides/proofs.md.
 */
public final class CheckParser {
  private static final int MOST = 64;
  private static final int MOST_SECONDS = 24 * 3600;
  private static final Duration BOOT = Duration.ofMinutes(10);
  private static final Duration INSIDE = Duration.ofMinutes(2);
  private static final Duration OUTSIDE = Duration.ofHours(1);
  private static final String KNOWN =
      "Known are: boot, boot:screen, boot:text=TEXT, agent, network, tcp:PORT,"
          + " http:PORT[/PATH][=STATUS], fs, app:postgresql|mysql|mariadb|nginx[:PORT],"
          + " script:FILE; each may end in ;within=SECONDS and ;optional.";

  private final List<String> errors = new ArrayList<>();

  private CheckParser() {}

  /**
   * The checks, with {@code boot} added where something inside is checked and no boot is named.
   *
   * @param specs none means {@code boot} and {@code fs}
   * @throws SendenseException BAD_ARGUMENT with every error of every specification
   */
  public static List<Check> parse(List<String> specs) {
    CheckParser parser = new CheckParser();
    Map<String, Check> checks = new LinkedHashMap<>();
    for (String spec : specs.isEmpty() ? List.of("boot", "fs") : specs) {
      if (checks.containsKey(spec)) {
        parser.errors.add("\"" + spec + "\" is given twice");
      }
      parser.check(spec).ifPresent(check -> checks.put(spec, check));
    }
    if (specs.size() > MOST) {
      parser.errors.add("more than " + MOST + " checks");
    }
    if (!parser.errors.isEmpty()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "checks that cannot be understood: " + String.join("; ", parser.errors),
          KNOWN);
    }
    List<Check> all = new ArrayList<>(checks.values());
    boolean inside = all.stream().anyMatch(check -> check.what().inside());
    if (inside && all.stream().noneMatch(CheckParser::boots)) {
      all.addFirst(new Check("boot", new Check.Boot(), BOOT, true));
    }
    return List.copyOf(all);
  }

  static boolean boots(Check check) {
    return switch (check.what()) {
      case Check.Boot _, Check.BootScreen _, Check.BootText _ -> true;
      default -> false;
    };
  }

  private java.util.Optional<Check> check(String spec) {
    int before = errors.size();
    String[] parts = spec.split(";", -1);
    Check.What what = what(spec, parts[0]);
    Duration within = defaultWithin(what);
    boolean required = true;
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].equals("optional")) {
        required = false;
      } else if (parts[i].startsWith("within=")) {
        OptionalInt seconds = number(parts[i].substring("within=".length()), 1, MOST_SECONDS);
        if (seconds.isEmpty()) {
          errors.add("\"" + spec + "\": within= takes 1 to " + MOST_SECONDS + " seconds");
        } else {
          within = Duration.ofSeconds(seconds.getAsInt());
        }
      } else {
        errors.add("\"" + spec + "\": \"" + parts[i] + "\" is neither within= nor optional");
      }
    }
    return errors.size() == before
        ? java.util.Optional.of(new Check(spec, what, within, required))
        : java.util.Optional.empty();
  }

  private static Duration defaultWithin(Check.What what) {
    return switch (what) {
      case Check.Boot _, Check.BootScreen _, Check.BootText _ -> BOOT;
      case Check.Files _ -> OUTSIDE;
      default -> INSIDE;
    };
  }

  private Check.What what(String spec, String text) {
    int colon = text.indexOf(':');
    String word = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    return switch (word) {
      case "boot" -> boot(spec, rest, colon >= 0);
      case "agent" -> bare(spec, colon, new Check.Agent());
      case "network" -> bare(spec, colon, new Check.Network());
      case "fs" -> bare(spec, colon, new Check.Files());
      case "tcp" -> new Check.Tcp(port(spec, rest));
      case "http" -> http(spec, rest);
      case "app" -> app(spec, rest);
      case "script" -> script(spec, rest);
      default -> {
        errors.add("\"" + spec + "\": there is no check \"" + word + "\"");
        yield new Check.Boot();
      }
    };
  }

  private Check.What boot(String spec, String rest, boolean given) {
    if (!given) {
      return new Check.Boot();
    }
    if (rest.equals("screen")) {
      return new Check.BootScreen();
    }
    if (rest.startsWith("text=") && rest.length() > "text=".length() && rest.length() <= 200) {
      return new Check.BootText(rest.substring("text=".length()));
    }
    errors.add("\"" + spec + "\": boot takes screen or text=TEXT of at most 195 characters");
    return new Check.Boot();
  }

  private Check.What bare(String spec, int colon, Check.What what) {
    if (colon >= 0) {
      errors.add("\"" + spec + "\": nothing may follow here");
    }
    return what;
  }

  private Check.What http(String spec, String rest) {
    int equals = rest.lastIndexOf('=');
    boolean status = equals >= 0 && rest.substring(equals + 1).matches("[0-9]{3}");
    String target = status ? rest.substring(0, equals) : rest;
    int wanted = status ? Integer.parseInt(rest.substring(equals + 1)) : 200;
    int slash = target.indexOf('/');
    String path = slash < 0 ? "/" : target.substring(slash);
    if (!path.matches("[!-~]{1,1000}")) {
      errors.add("\"" + spec + "\": a path has up to 1000 characters and no spaces");
    }
    return new Check.Http(
        port(spec, slash < 0 ? target : target.substring(0, slash)), path, wanted);
  }

  private Check.What app(String spec, String rest) {
    int colon = rest.indexOf(':');
    String name = colon < 0 ? rest : rest.substring(0, colon);
    Check.Application application =
        switch (name) {
          case "postgresql" -> Check.Application.POSTGRESQL;
          case "mysql", "mariadb" -> Check.Application.MYSQL;
          case "nginx" -> Check.Application.NGINX;
          default -> {
            errors.add("\"" + spec + "\": application \"" + name + "\" is not known");
            yield Check.Application.NGINX;
          }
        };
    return new Check.App(
        application, colon < 0 ? application.usualPort() : port(spec, rest.substring(colon + 1)));
  }

  private Check.What script(String spec, String rest) {
    Path file = Path.of(rest).toAbsolutePath();
    if (rest.isEmpty() || !Files.isExecutable(file) || Files.isDirectory(file)) {
      errors.add("\"" + spec + "\": there is no program \"" + rest + "\" that may be run");
    }
    return new Check.Script(file);
  }

  private int port(String spec, String text) {
    OptionalInt port = number(text, 1, 65535);
    if (port.isEmpty()) {
      errors.add("\"" + spec + "\": \"" + text + "\" is not a port, 1 to 65535");
    }
    return port.orElse(1);
  }

  private static OptionalInt number(String text, int least, int most) {
    if (!text.matches("[0-9]{1,6}")) {
      return OptionalInt.empty();
    }
    int value = Integer.parseInt(text);
    return value >= least && value <= most ? OptionalInt.of(value) : OptionalInt.empty();
  }
}
