package io.sendense.repository.azure;

import java.util.Map;

/** Opens a container by its URL, with the credential that the environment names. */
public final class AzureStoreUrl {
  private AzureStoreUrl() {}

  /**
   * @param url {@code azblob://ACCOUNT/CONTAINER[/PREFIX]}
   * @throws io.sendense.domain.SendenseException BAD_ARGUMENT, and those of {@link
   *     AzureObjectStore#open}
   */
  public static AzureObjectStore open(String url, Map<String, String> environment) {
    AzureStoreOptions options = AzureStoreOptions.parse(url, environment);
    return AzureObjectStore.open(options, AzureCredential.of(options.account(), environment));
  }
}
