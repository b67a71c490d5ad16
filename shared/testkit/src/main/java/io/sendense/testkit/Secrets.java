package io.sendense.testkit;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/** Generated passwords of the servers that tests and the demo start, kept beside their data. */
public final class Secrets {
  private static final int BYTES = 18;

  private Secrets() {}

  /** A fresh password of 144 bits. */
  public static String generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The passwords kept in a private folder; names that have none yet are given one. */
  public static Properties of(Path folder, String... names) {
    Properties secrets = read(folder);
    boolean added = false;
    for (String name : names) {
      added |= secrets.putIfAbsent(name, generate()) == null;
    }
    if (added) {
      write(folder, secrets);
    }
    return secrets;
  }

  /** The passwords kept in a private folder, none where there is no such file. */
  public static Properties read(Path folder) {
    Properties secrets = new Properties();
    Path file = folder.resolve("secrets.properties");
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        secrets.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException("could not read " + file, e);
      }
    }
    return secrets;
  }

  /** Replaces the passwords kept in a private folder. */
  public static void write(Path folder, Properties secrets) {
    StringWriter text = new StringWriter();
    try {
      secrets.store(text, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Folders.writePrivate(folder.resolve("secrets.properties"), text.toString());
  }
}
