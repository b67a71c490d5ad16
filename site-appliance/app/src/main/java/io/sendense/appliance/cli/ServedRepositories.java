package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.local.LocalObjectStore;
import io.sendense.repository.remote.Grant;
import io.sendense.repository.remote.PeerIdentity;
import io.sendense.repository.remote.RemoteStoreUrl;
import io.sendense.repository.remote.Rights;
import io.sendense.repository.spi.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The directories that are served, and to whom. Each directory is opened once. */
final class ServedRepositories implements AutoCloseable {
  private static final long FILE_BYTES_MAX = 1 << 20;

  private final boolean create;
  private final Map<Path, ObjectStore> stores = new HashMap<>();
  private final List<Grant> grants = new ArrayList<>();

  ServedRepositories(boolean create) {
    this.create = create;
  }

  /** The repository of the command line. */
  void add(Optional<Path> folder, Optional<String> name, List<String> allow) {
    if (folder.isEmpty()) {
      if (!allow.isEmpty() || name.isPresent()) {
        throw bad("--name and --allow belong to --repository", "Give --repository DIR as well.");
      }
      return;
    }
    Path directory = folder.get().toAbsolutePath().normalize();
    for (String each : allow) {
      int equals = each.lastIndexOf('=');
      if (equals < 0) {
        throw bad("--allow " + each + " has no rights", "Write IDENTITY=RIGHTS.");
      }
      String called = name.orElseGet(() -> String.valueOf(directory.getFileName()));
      add(each.substring(0, equals), called, each.substring(equals + 1), directory);
    }
  }

  /** Those of a file: identity, name, rights and directory on a line; # begins a comment. */
  void addAll(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw bad(file + " is larger than 1 MiB", "Give a file of grants.");
      }
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        String[] words = line.strip().split("\\s+", 4);
        if (words[0].isEmpty() || words[0].startsWith("#")) {
          continue;
        }
        if (words.length < 4) {
          throw bad(
              "line " + number + " of " + file + " is not a grant",
              "Write IDENTITY NAME RIGHTS DIR.");
        }
        add(words[0], words[1], words[2], Path.of(words[3]).toAbsolutePath().normalize());
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND, "the grants in " + file + " cannot be read", "Check the path.", e);
    }
  }

  /**
   * @throws SendenseException BAD_ARGUMENT where nobody is granted anything
   */
  List<Grant> grants() {
    if (grants.isEmpty()) {
      throw bad("nobody is granted anything", "Give --repository with --allow, or --grants.");
    }
    return grants;
  }

  Stream<String> names() {
    return grants.stream().map(Grant::repository).distinct();
  }

  @Override
  public void close() {
    stores.values().forEach(ObjectStore::close);
  }

  private void add(String identity, String name, String rights, Path folder) {
    grants.add(
        new Grant(
            new PeerIdentity(identity),
            RemoteStoreUrl.checkName(name),
            stores.computeIfAbsent(folder, this::open),
            Rights.parse(rights)));
  }

  private ObjectStore open(Path folder) {
    try {
      return LocalObjectStore.open(folder);
    } catch (SendenseException e) {
      if (e.code() != ErrorCode.NOT_FOUND || !create) {
        throw e;
      }
      return LocalObjectStore.create(folder);
    }
  }

  private static SendenseException bad(String what, String remedy) {
    return new SendenseException(ErrorCode.BAD_ARGUMENT, what, remedy);
  }
}
