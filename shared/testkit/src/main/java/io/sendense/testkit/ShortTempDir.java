package io.sendense.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Makes a test's temporary folder where its path is short: a Unix socket's path has at most 107
 * bytes, which a checkout far down a tree exceeds. For {@code @TempDir(factory =
 * ShortTempDir.class)}; JUnit removes the folder.
 */
public final class ShortTempDir implements TempDirFactory {
  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
      throws IOException {
    return Files.createTempDirectory(Path.of("/tmp"), "sendense");
  }
}
