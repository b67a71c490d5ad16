package io.sendense.repository.s3;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a bucket is and how to reach it. Holds no secret: credentials come from the environment as
 * AWS's own tools take them, or from a file.
 *
 * @param prefix folder within the bucket that is the store: empty, or whole parts without a slash
 *     at either end
 * @param endpoint of a provider other than AWS; TLS always, but for this machine itself
 * @param region empty: AWS finds it, other providers are told us-east-1
 * @param virtualHosts the bucket is part of the host's name; otherwise, of the path
 * @param authorities file with the certificates to trust instead of the JDK's, in PEM
 * @param credentials file as AWS's tools write it, instead of their search order
 * @param profile section of that file, or of the usual one
 * @param patience deadline of a call that moves no data; calls that do get a second more for each
 *     MiB
 */
public record S3Settings(
    String bucket,
    String prefix,
    Optional<URI> endpoint,
    Optional<String> region,
    boolean virtualHosts,
    Optional<Path> authorities,
    Optional<Path> credentials,
    Optional<String> profile,
    Duration patience) {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]");
  private static final Pattern PREFIX =
      Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?");
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

  public S3Settings {
    if (!BUCKET.matcher(bucket).matches()) {
      throw bad("\"" + bucket + "\" is no name of a bucket", "Use 3 to 63 of a-z 0-9 . - _");
    }
    if (!PREFIX.matcher(prefix).matches() || prefix.length() > 200) {
      throw bad(
          "\"" + prefix + "\" cannot be the folder of a store in a bucket",
          "Use parts of A-Z a-z 0-9 . - _ joined by single slashes, at most 200 characters.");
    }
    endpoint.ifPresent(S3Settings::requireSafe);
  }

  /** A bucket of AWS with all else as usual. */
  public static S3Settings of(String bucket, String prefix) {
    return new S3Settings(
        bucket,
        prefix,
        Optional.empty(),
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(30));
  }

  /** Names the store for people, without anything of the credentials. */
  String describe() {
    return "s3://"
        + bucket
        + (prefix.isEmpty() ? "" : "/" + prefix)
        + endpoint.map(uri -> " at " + uri.getHost()).orElse("");
  }

  private static void requireSafe(URI endpoint) {
    String host = String.valueOf(endpoint.getHost());
    boolean tls = "https".equals(endpoint.getScheme());
    boolean near = "http".equals(endpoint.getScheme()) && THIS_MACHINE.contains(host);
    if (!tls && !near) {
      throw bad(
          "the endpoint \"" + endpoint.getScheme() + "://" + host + "\" is not over TLS",
          "Use https://HOST[:PORT]. A certificate of your own authority is trusted with ca=FILE.");
    }
    if (endpoint.getUserInfo() != null) {
      throw bad(
          "the endpoint holds a user name or password",
          "Give credentials in the environment (AWS_ACCESS_KEY_ID, ...) or in a file.");
    }
  }

  private static SendenseException bad(String what, String remedy) {
    return new SendenseException(ErrorCode.BAD_ARGUMENT, what, remedy);
  }
}
