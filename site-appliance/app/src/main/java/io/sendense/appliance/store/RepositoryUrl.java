package io.sendense.appliance.store;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a repository is, as people write it: a path or {@code file:} URL of a directory, {@code
 * s3://BUCKET/FOLDER?...}, {@code azblob://ACCOUNT/CONTAINER[/PREFIX]} or {@code
 * sendense://HOST[:PORT]/NAME} at another appliance. Its text holds no secret.
 */
public sealed interface RepositoryUrl permits DirectoryUrl, S3Url, AzureUrl, RemoteUrl {
  /**
   * @param environment names credentials and certificates, which no URL holds
   * @throws SendenseException BAD_ARGUMENT for a kind of store that is not known or settings that
   *     make no sense; UNAUTHENTICATED where another appliance's URL lacks the certificates
   */
  static RepositoryUrl parse(String text, Map<String, String> environment) {
    int colon = text.indexOf(':');
    String scheme = colon > 1 ? text.substring(0, colon) : "";
    return switch (scheme) {
      case "s3" -> S3Url.read(text);
      case AzureUrl.SCHEME -> AzureUrl.read(text, environment);
      case RemoteUrl.SCHEME -> RemoteUrl.read(text, environment);
      case "file" -> new DirectoryUrl(pathOf(text));
      default -> {
        if (scheme.matches("[a-z][a-z0-9+.-]*") && text.startsWith("://", colon)) {
          throw new SendenseException(
              ErrorCode.BAD_ARGUMENT,
              "\"" + scheme + "\" is not a kind of store",
              "Use a directory's path, file:/PATH, s3://BUCKET/FOLDER, azblob://ACCOUNT/CONTAINER"
                  + " or sendense://HOST/NAME.");
        }
        yield new DirectoryUrl(Path.of(text));
      }
    };
  }

  /** A directory. */
  static RepositoryUrl of(Path directory) {
    return new DirectoryUrl(directory);
  }

  private static Path pathOf(String text) {
    try {
      return Path.of(URI.create(text));
    } catch (IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "\"" + text + "\" is not the URL of a directory here",
          "Write file:/PATH, with three slashes or one, or the bare path.",
          e);
    }
  }

  /** The same text for the same store, whatever the current directory; kept with jobs. */
  String location();

  /** The directory that it is, if it is one. */
  Optional<Path> directory();

  /** A store within this one, of its own. */
  RepositoryUrl below(String folder);

  /**
   * Opens the store, and makes its directory where that is missing. All else must be there.
   *
   * @param access what is put around it
   */
  ObjectStore create(StoreAccess access);

  /** Opens a store that is there. */
  ObjectStore open(StoreAccess access);

  /** Removes what an emptied store leaves of itself. */
  void removeEmpty();
}
