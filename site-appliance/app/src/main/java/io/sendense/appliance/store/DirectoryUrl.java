package io.sendense.appliance.store;

import io.sendense.repository.local.LocalObjectStore;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A directory. A disk that fails does so for long, so nothing is tried again. */
record DirectoryUrl(Path path) implements RepositoryUrl {
  @Override
  public String location() {
    return path.toAbsolutePath().normalize().toString();
  }

  @Override
  public Optional<Path> directory() {
    return Optional.of(path);
  }

  @Override
  public RepositoryUrl below(String folder) {
    return new DirectoryUrl(path.resolve(folder));
  }

  @Override
  public ObjectStore create(StoreAccess access) {
    return access.near(LocalObjectStore.create(path));
  }

  @Override
  public ObjectStore open(StoreAccess access) {
    return access.near(LocalObjectStore.open(path));
  }

  /** Empty directories and the store's own mark; a file that is more than that stays. */
  @Override
  public void removeEmpty() {
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw StoreFailure.unavailable(location(), "removing the empty directories", e);
    }
  }
}
