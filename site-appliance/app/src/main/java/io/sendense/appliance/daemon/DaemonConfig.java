package io.sendense.appliance.daemon;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.Scripts;
import io.sendense.engine.limits.BackupWindow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the operator of a site tells the appliance: the machines and the repositories. Everything
 * else comes from the cloud. Every fault in the file is reported, not only the first.
 */
record DaemonConfig(
    List<RepositoryEntry> repositories,
    List<VmEntry> vms,
    Optional<InetSocketAddress> proxy,
    JobLimits limits,
    HouseRules house,
    ProofRules proofs) {
  private static final String FORMAT = "sendense.appliance-config/1";
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  /** A repository by the name that policies use. */
  record RepositoryEntry(String name, RepositoryUrl url, Path keyFile) {}

  /**
   * A running QEMU by its QMP socket, with a folder for what the guest overwrites meanwhile.
   *
   * @param window in which its backups run; empty for any time
   * @param scripts of the site around its backups
   */
  record VmEntry(
      String name, Path qmp, Path scratch, Optional<BackupWindow> window, Scripts scripts) {
    VmEntry(String name, Path qmp, Path scratch) {
      this(name, qmp, scratch, Optional.empty(), Scripts.NONE);
    }
  }

  DaemonConfig(
      List<RepositoryEntry> repositories, List<VmEntry> vms, Optional<InetSocketAddress> proxy) {
    this(repositories, vms, proxy, JobLimits.DEFAULT, HouseRules.DEFAULT, ProofRules.NONE);
  }

  DaemonConfig {
    repositories = List.copyOf(repositories);
    vms = List.copyOf(vms);
  }

  Optional<RepositoryEntry> repository(String name) {
    return repositories.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /**
   * @param environment names credentials and certificates of stores
   * @throws SendenseException BAD_ARGUMENT that lists all faults
   */
  static DaemonConfig read(Path file, Map<String, String> environment) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw bad(file, List.of("it is longer than " + MOST_BYTES + " bytes"));
      }
      JsonNode root =
          JsonMapper.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .build()
              .readTree(Files.readAllBytes(file));
      List<String> faults = new ArrayList<>();
      DaemonConfig config = new Reader(file, environment, faults).config(root);
      if (!faults.isEmpty()) {
        throw bad(file, faults);
      }
      return config;
    } catch (IOException e) {
      throw bad(file, List.of("it cannot be read"));
    } catch (JacksonException e) {
      throw bad(file, List.of("it is not JSON: " + e.getOriginalMessage()));
    }
  }

  private static SendenseException bad(Path file, List<String> faults) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "the configuration " + file + " cannot be used: " + String.join("; ", faults),
        "docs/guides/enrolment.md shows a complete one.");
  }

  /** Collects faults while it reads. */
  private record Reader(Path file, Map<String, String> environment, List<String> faults) {
    DaemonConfig config(JsonNode root) {
      known(
          root,
          "the file",
          Set.of("format", "repositories", "vms", "proxy", "limits", "housekeeping", "proofs"));
      if (!FORMAT.equals(root.path("format").asString(""))) {
        faults.add("\"format\" must be \"" + FORMAT + "\"");
      }
      List<RepositoryEntry> repositories = new ArrayList<>();
      for (JsonNode entry : root.path("repositories")) {
        known(entry, "a repository", Set.of("name", "path", "url", "keyFile"));
        repositories.add(
            new RepositoryEntry(
                text(entry, "repositories", "name"),
                place(entry),
                path(entry, "repositories", "keyFile")));
      }
      List<VmEntry> vms = new ArrayList<>();
      for (JsonNode entry : root.path("vms")) {
        known(entry, "a VM", Set.of("name", "qmp", "scratch", "window", "before", "after"));
        vms.add(
            new VmEntry(
                text(entry, "vms", "name"),
                path(entry, "vms", "qmp"),
                path(entry, "vms", "scratch"),
                JobSection.window(entry.path("window"), faults),
                new Scripts(
                    JobSection.script(entry, "before", faults),
                    JobSection.script(entry, "after", faults))));
      }
      unique("repositories", repositories.stream().map(RepositoryEntry::name).toList());
      unique("vms", vms.stream().map(VmEntry::name).toList());
      return new DaemonConfig(
          repositories,
          vms,
          proxy(root.path("proxy").asString("")),
          JobSection.limits(root.path("limits"), faults),
          JobSection.house(root.path("housekeeping"), faults),
          ProofSection.read(
              root.path("proofs"),
              repositories.stream().map(RepositoryEntry::name).collect(Collectors.toSet()),
              this::beside,
              faults));
    }

    private Optional<InetSocketAddress> proxy(String text) {
      if (text.isEmpty()) {
        return Optional.empty();
      }
      int colon = text.lastIndexOf(':');
      if (colon > 0 && text.substring(colon + 1).matches("[0-9]{1,5}")) {
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 0 && port < 65_536) {
          return Optional.of(InetSocketAddress.createUnresolved(text.substring(0, colon), port));
        }
      }
      faults.add("\"proxy\" must be host:port");
      return Optional.empty();
    }

    private void known(JsonNode node, String what, Set<String> names) {
      for (String name : node.propertyNames()) {
        if (!names.contains(name)) {
          faults.add("the setting \"" + name + "\" of " + what + " is not known");
        }
      }
    }

    private String text(JsonNode entry, String list, String name) {
      String text = entry.path(name).asString("");
      if (text.isBlank() || text.length() > 200) {
        faults.add("each of \"" + list + "\" needs a \"" + name + "\" of 1 to 200 characters");
      }
      return text;
    }

    /** Any store by its URL, or a directory by its path. */
    private RepositoryUrl place(JsonNode entry) {
      RepositoryUrl nowhere = RepositoryUrl.of(file.toAbsolutePath());
      String url = entry.path("url").asString("");
      if (url.isBlank() == entry.path("path").asString("").isBlank()) {
        faults.add("each of \"repositories\" needs either a \"path\" or a \"url\"");
        return nowhere;
      }
      if (url.isBlank()) {
        return RepositoryUrl.of(path(entry, "repositories", "path"));
      }
      try {
        if (url.indexOf(':') < 0) {
          faults.add("a \"url\" of \"repositories\" has no scheme; a directory is its \"path\"");
          return nowhere;
        }
        return RepositoryUrl.parse(url, environment);
      } catch (SendenseException e) {
        faults.add("a \"url\" of \"repositories\": " + e.getMessage() + ". " + e.remedy());
        return nowhere;
      }
    }

    private Path path(JsonNode entry, String list, String name) {
      String text = entry.path(name).asString("");
      if (text.isBlank()) {
        faults.add("each of \"" + list + "\" needs a \"" + name + "\"");
      }
      return beside(Path.of(text));
    }

    private Path beside(Path path) {
      Path folder = file.toAbsolutePath().getParent();
      return folder == null ? path : folder.resolve(path).normalize();
    }

    private void unique(String list, List<String> names) {
      Set<String> seen = new HashSet<>();
      for (String name : names) {
        if (!seen.add(name)) {
          faults.add("\"" + name + "\" is twice in \"" + list + "\"");
        }
      }
    }
  }
}
