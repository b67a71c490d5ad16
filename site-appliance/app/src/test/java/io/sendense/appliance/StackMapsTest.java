package io.sendense.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StackMapsTest {
  private static final int JAVA_8 = 52;

  @Test
  void everyClassOfAnOldLibraryPassesTheVerifierOfNewOnes(@TempDir Path folder) throws Exception {
    Path old =
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path renewed = folder.resolve("renewed.jar");

    StackMaps.main(new String[] {old.toString(), renewed.toString()});

    List<String> names = classes(renewed);
    assertThat(names).hasSizeGreaterThan(200).containsExactlyElementsOf(classes(old));
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    URL[] from = {renewed.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(from, platform)) {
      for (String name : names) {
        assertThat(version(loader, name)).isGreaterThanOrEqualTo(JAVA_8);
        // Initialising a class is what makes the JVM verify it.
        Class<?> loaded = Class.forName(name.replace('/', '.'), true, loader);
        assertThat(loaded.getClassLoader()).isSameAs(loader);
      }
    }
  }

  private static List<String> classes(Path library) throws IOException {
    try (ZipFile file = new ZipFile(library.toFile())) {
      return file.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.startsWith("picocli/") && name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .toList();
    }
  }

  private static int version(ClassLoader loader, String name) throws IOException {
    try (InputStream file = loader.getResourceAsStream(name + ".class");
        DataInputStream header = new DataInputStream(file)) {
      header.skipNBytes(6);
      return header.readUnsignedShort();
    }
  }
}
