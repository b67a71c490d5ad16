package io.sendense.appliance.store;

import io.sendense.repository.azure.AzureCredential;
import io.sendense.repository.azure.AzureObjectStore;
import io.sendense.repository.azure.AzureStoreOptions;
import io.sendense.repository.spi.ObjectStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A container, or a prefix of it. Who the appliance is there, the environment says. */
record AzureUrl(AzureStoreOptions options, Map<String, String> environment)
    implements RepositoryUrl {
  static final String SCHEME = AzureStoreOptions.SCHEME;

  static AzureUrl read(String text, Map<String, String> environment) {
    return new AzureUrl(AzureStoreOptions.parse(text, environment), environment);
  }

  @Override
  public String location() {
    return SCHEME
        + "://"
        + options.account()
        + "/"
        + options.container()
        + (options.prefix().isEmpty() ? "" : "/" + options.prefix().replaceAll("/$", ""));
  }

  @Override
  public Optional<Path> directory() {
    return Optional.empty();
  }

  @Override
  public RepositoryUrl below(String folder) {
    AzureStoreOptions within =
        new AzureStoreOptions(
            options.endpoint(),
            options.account(),
            options.container(),
            options.prefix() + folder + "/",
            options.request());
    return new AzureUrl(within, environment);
  }

  @Override
  public ObjectStore create(StoreAccess access) {
    return open(access);
  }

  @Override
  public ObjectStore open(StoreAccess access) {
    AzureCredential credential = AzureCredential.of(options.account(), environment);
    return access.far(AzureObjectStore.open(options, credential));
  }

  @Override
  public void removeEmpty() {
    // A container has no folders; where there is no object there is nothing.
  }

  /** The environment holds secrets. */
  @Override
  public String toString() {
    return location();
  }
}
