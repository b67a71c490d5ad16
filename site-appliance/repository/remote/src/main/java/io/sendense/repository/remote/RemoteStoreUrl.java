package io.sendense.repository.remote;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code sendense://HOST[:PORT]/REPOSITORY}. The files of the client's identity are named by the
 * environment, never by the URL, so that a URL is the same on every machine and for every user.
 */
public record RemoteStoreUrl(RemoteStoreOptions options, TlsIdentity identity) {
  public static final String SCHEME = "sendense";
  public static final String CERTIFICATE = "SENDENSE_STORE_CERT";
  public static final String KEY = "SENDENSE_STORE_KEY";
  public static final String TRUST = "SENDENSE_STORE_TRUST";

  /** Forms a repository's name may have, at both ends. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /**
   * @throws SendenseException BAD_ARGUMENT for a URL of another form, UNAUTHENTICATED where the
   *     environment does not name the files
   */
  public static RemoteStoreUrl parse(String url, Map<String, String> environment) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw malformed(e.getReason());
    }
    if (!SCHEME.equals(uri.getScheme()) || uri.getHost() == null) {
      throw malformed("no host");
    }
    if (uri.getQuery() != null || uri.getFragment() != null || uri.getUserInfo() != null) {
      throw malformed("nothing may follow the name, and no user name is known");
    }
    String path = uri.getPath();
    String name = path.startsWith("/") ? path.substring(1) : path;
    checkName(name);
    int port = uri.getPort() < 0 ? RemoteStoreOptions.DEFAULT_PORT : uri.getPort();
    return new RemoteStoreUrl(
        RemoteStoreOptions.of(uri.getHost(), port, name),
        new TlsIdentity(
            file(environment, CERTIFICATE), file(environment, KEY), file(environment, TRUST)));
  }

  /**
   * @throws SendenseException BAD_ARGUMENT
   */
  public static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "\"" + name + "\" is not a name of a repository",
          "Use 1 to 100 letters, digits, dots, dashes and underscores, a letter or digit first.");
    }
    return name;
  }

  public RemoteObjectStore open() {
    return RemoteObjectStore.open(options, identity);
  }

  private static Path file(Map<String, String> environment, String variable) {
    String value = environment.getOrDefault(variable, "");
    if (value.isEmpty()) {
      throw new SendenseException(
          ErrorCode.UNAUTHENTICATED,
          "the certificate for the other appliance was not given",
          "Set " + CERTIFICATE + ", " + KEY + " and " + TRUST + " to PEM files.");
    }
    return Path.of(value);
  }

  private static SendenseException malformed(String why) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        // The text is not repeated: somebody may have written a secret into it.
        "the sendense URL does not name a repository of another appliance: " + why,
        "Write sendense://HOST[:PORT]/REPOSITORY.");
  }
}
