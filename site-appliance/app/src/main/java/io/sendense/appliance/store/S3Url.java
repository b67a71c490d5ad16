package io.sendense.appliance.store;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.s3.S3ObjectStore;
import io.sendense.repository.s3.S3Settings;
import io.sendense.repository.spi.ObjectStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A folder of a bucket: {@code s3://BUCKET/FOLDER?endpoint=URL&region=NAME&...}. */
record S3Url(S3Settings settings) implements RepositoryUrl {
  private static final Set<String> KNOWN =
      Set.of("endpoint", "region", "style", "ca", "credentials", "profile");

  static S3Url read(String text) {
    try {
      URI uri = new URI(text);
      String bucket = String.valueOf(uri.getRawAuthority());
      if (bucket.contains("@")) {
        throw bad(
            "the URL holds a user name or a key",
            "Leave it out: credentials come from the environment or from credentials=FILE.");
      }
      String path = uri.getPath() == null ? "" : uri.getPath();
      Map<String, String> query = query(uri.getRawQuery() == null ? "" : uri.getRawQuery());
      Optional<URI> endpoint = Optional.ofNullable(query.get("endpoint")).map(S3Url::endpoint);
      S3Settings usual = S3Settings.of(bucket, path.replaceAll("^/|/$", ""));
      return new S3Url(
          new S3Settings(
              usual.bucket(),
              usual.prefix(),
              endpoint,
              Optional.ofNullable(query.get("region")),
              virtualHosts(query.get("style"), endpoint.isEmpty()),
              Optional.ofNullable(query.get("ca")).map(Path::of),
              Optional.ofNullable(query.get("credentials")).map(Path::of),
              Optional.ofNullable(query.get("profile")),
              usual.patience()));
    } catch (URISyntaxException e) {
      // The text is not repeated: somebody may have written a key into it.
      throw bad("the s3 URL cannot be read: " + e.getReason(), "Write s3://BUCKET/FOLDER.");
    }
  }

  @Override
  public String location() {
    return "s3://"
        + settings.bucket()
        + (settings.prefix().isEmpty() ? "" : "/" + settings.prefix())
        + settings.endpoint().map(uri -> "?endpoint=" + uri).orElse("");
  }

  @Override
  public Optional<Path> directory() {
    return Optional.empty();
  }

  @Override
  public RepositoryUrl below(String folder) {
    String prefix = settings.prefix().isEmpty() ? folder : settings.prefix() + "/" + folder;
    return new S3Url(
        new S3Settings(
            settings.bucket(),
            prefix,
            settings.endpoint(),
            settings.region(),
            settings.virtualHosts(),
            settings.authorities(),
            settings.credentials(),
            settings.profile(),
            settings.patience()));
  }

  @Override
  public ObjectStore create(StoreAccess access) {
    return open(access);
  }

  @Override
  public ObjectStore open(StoreAccess access) {
    return access.far(S3ObjectStore.open(settings));
  }

  @Override
  public void removeEmpty() {
    // A bucket has no folders; where there is no object there is nothing.
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> values = new HashMap<>();
    for (String part : raw.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      if (!KNOWN.contains(name)) {
        throw bad(
            "an s3 URL has no setting of that name",
            "Use " + String.join(", ", KNOWN.stream().sorted().toList()) + ".");
      }
      values.put(
          name,
          URLDecoder.decode(equals < 0 ? "" : part.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return values;
  }

  private static URI endpoint(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw bad("the endpoint cannot be read: " + e.getReason(), "Write https://HOST[:PORT].");
    }
    throw bad("the endpoint names no host", "Write https://HOST[:PORT].");
  }

  private static boolean virtualHosts(
      @org.jspecify.annotations.Nullable String style, boolean otherwise) {
    if (style == null) {
      return otherwise;
    }
    return switch (style) {
      case "virtual" -> true;
      case "path" -> false;
      default -> throw bad("style is neither path nor virtual", "Leave it out, or name one.");
    };
  }

  private static SendenseException bad(String what, String remedy) {
    return new SendenseException(ErrorCode.BAD_ARGUMENT, what, remedy);
  }
}
