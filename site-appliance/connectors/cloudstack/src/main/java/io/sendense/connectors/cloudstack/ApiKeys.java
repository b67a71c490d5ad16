package io.sendense.connectors.cloudstack;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** The two keys of a CloudStack user. They appear in no text that this class gives out. */
public final class ApiKeys {
  private static final long MAX_FILE_BYTES = 4096;
  private static final String KEY = "[A-Za-z0-9_-]{8,512}";

  private final String apiKey;
  private final String secretKey;

  public ApiKeys(String apiKey, String secretKey) {
    if (!apiKey.matches(KEY) || !secretKey.matches(KEY)) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "these are no keys of a CloudStack user",
          "Copy both from the user's page, without blanks.");
    }
    this.apiKey = apiKey;
    this.secretKey = secretKey;
  }

  /**
   * Reads a file with the API key in its first line and the secret key in its second.
   *
   * @throws SendenseException BAD_ARGUMENT where it holds anything else; FORBIDDEN where others on
   *     this machine may read it; NOT_FOUND
   */
  public static ApiKeys read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new SendenseException(
            ErrorCode.NOT_FOUND,
            "there is no key file " + file,
            "Write the API key and the secret key of a CloudStack user to it, each on a line.");
      }
      requirePrivate(file);
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw noKeys(file);
      }
      List<String> lines =
          Files.readString(file).lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
      if (lines.size() != 2 || !lines.stream().allMatch(line -> line.matches(KEY))) {
        throw noKeys(file);
      }
      return new ApiKeys(lines.getFirst(), lines.getLast());
    } catch (IOException e) {
      // Not its cause: a decoder's complaint could quote the content.
      throw new SendenseException(
          ErrorCode.FORBIDDEN, "the key file " + file + " cannot be read", "Look at its rights.");
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> rights = view.readAttributes().permissions();
    if (rights.contains(PosixFilePermission.OTHERS_READ)
        || rights.contains(PosixFilePermission.GROUP_READ)) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "the key file " + file + " can be read by others on this machine",
          "chmod 600 " + file);
    }
  }

  private static SendenseException noKeys(Path file) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "the key file " + file + " does not hold exactly two keys",
        "Write the API key on its first line and the secret key on its second.");
  }

  String apiKey() {
    return apiKey;
  }

  String secretKey() {
    return secretKey;
  }

  @Override
  public String toString() {
    return "keys of a CloudStack user";
  }
}
