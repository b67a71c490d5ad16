package io.sendense.connectors.kvm;

import io.sendense.connectors.spi.OwnerRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Owner records in a file, so that those of a killed process can be read by the next one. */
final class FileOwnerRecords implements OwnerRecords {
  private final Path file;

  FileOwnerRecords(Path file) {
    this.file = file;
  }

  @Override
  public synchronized void add(Resource resource) {
    append("+", resource);
  }

  @Override
  public synchronized void remove(Resource resource) {
    append("-", resource);
  }

  @Override
  public synchronized List<Resource> list(String source) {
    Set<Resource> all = new LinkedHashSet<>();
    try {
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        String[] parts = line.split("\u0001", -1);
        Resource resource = new Resource(parts[1], parts[2], parts[3]);
        if (parts[0].equals("+")) {
          all.add(resource);
        } else {
          all.remove(resource);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Resource> found = new ArrayList<>(all);
    found.removeIf(r -> !r.source().equals(source));
    return found;
  }

  private void append(String sign, Resource r) {
    try {
      Files.writeString(
          file,
          String.join("\u0001", sign, r.source(), r.kind(), r.name()) + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.DSYNC);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
