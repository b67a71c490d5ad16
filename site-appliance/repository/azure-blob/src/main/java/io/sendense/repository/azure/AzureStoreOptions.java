package io.sendense.repository.azure;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which container, and how long to wait for it.
 *
 * @param endpoint such as {@code https://account.blob.core.windows.net}; plain HTTP only on the
 *     loopback address
 * @param prefix before every name, with a slash at its end; empty for none
 * @param request one call, from its beginning to its end
 */
public record AzureStoreOptions(
    URI endpoint, String account, String container, String prefix, Duration request) {
  /** Overrides the endpoint that follows from the account, for other clouds and private links. */
  public static final String ENDPOINT = "AZURE_STORAGE_BLOB_ENDPOINT";

  public static final String SCHEME = "azblob";

  private static final Pattern URL =
      Pattern.compile(
          "azblob://([a-z0-9]{3,24})/([a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9])"
              + "(?:/([A-Za-z0-9._-]{1,100}(?:/[A-Za-z0-9._-]{1,100}){0,7}))?/?");

  public AzureStoreOptions {
    boolean loopback = "127.0.0.1".equals(endpoint.getHost());
    if (!"https".equals(endpoint.getScheme()) && !loopback) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the endpoint " + endpoint + " is not https",
          "Data and credentials go over TLS only.");
    }
  }

  /**
   * Reads {@code azblob://ACCOUNT/CONTAINER[/PREFIX]}; calls may take two minutes.
   *
   * @throws SendenseException BAD_ARGUMENT
   */
  public static AzureStoreOptions parse(String url, Map<String, String> environment) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches() || url.contains("/.")) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          // The text is not repeated: somebody may have written a signature into it.
          "the azblob URL does not name an Azure Blob container",
          "Write azblob://ACCOUNT/CONTAINER[/PREFIX]; credentials come from the environment.");
    }
    String account = parts.group(1);
    String given = environment.getOrDefault(ENDPOINT, "");
    String prefix = parts.group(3);
    return new AzureStoreOptions(
        URI.create(given.isEmpty() ? "https://" + account + ".blob.core.windows.net" : given),
        account,
        parts.group(2),
        prefix == null ? "" : prefix + "/",
        Duration.ofMinutes(2));
  }

  public AzureStoreOptions withRequest(Duration atMost) {
    return new AzureStoreOptions(endpoint, account, container, prefix, atMost);
  }

  /** For people. */
  String describe() {
    return SCHEME + "://" + account + "/" + container + (prefix.isEmpty() ? "" : "/" + prefix);
  }
}
