package io.sendense.appliance.store;

import io.sendense.repository.remote.RemoteStoreOptions;
import io.sendense.repository.remote.RemoteStoreUrl;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.FolderOfStore;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository of another appliance.
 *
 * @param folder of it, where its examination takes place; empty for the whole
 */
record RemoteUrl(RemoteStoreUrl url, String folder) implements RepositoryUrl {
  static final String SCHEME = RemoteStoreUrl.SCHEME;

  /** Only what an examination left behind is named by a folder; a repository never is. */
  private static final Pattern EXAMINED =
      Pattern.compile("(sendense://[^/]+/[^/]+)/(sendense-validate-[0-9a-f]{8})");

  static RemoteUrl read(String text, Map<String, String> environment) {
    Matcher examined = EXAMINED.matcher(text);
    return examined.matches()
        ? new RemoteUrl(RemoteStoreUrl.parse(examined.group(1), environment), examined.group(2))
        : new RemoteUrl(RemoteStoreUrl.parse(text, environment), "");
  }

  @Override
  public String location() {
    RemoteStoreOptions options = url.options();
    return SCHEME
        + "://"
        + options.host().toLowerCase(Locale.ROOT)
        + ":"
        + options.port()
        + "/"
        + options.repository()
        + (folder.isEmpty() ? "" : "/" + folder);
  }

  @Override
  public Optional<Path> directory() {
    return Optional.empty();
  }

  @Override
  public RepositoryUrl below(String name) {
    return new RemoteUrl(url, name);
  }

  @Override
  public ObjectStore create(StoreAccess access) {
    return open(access);
  }

  @Override
  public ObjectStore open(StoreAccess access) {
    ObjectStore whole = access.far(url.open());
    return folder.isEmpty() ? whole : FolderOfStore.owning(whole, folder);
  }

  @Override
  public void removeEmpty() {
    // The other appliance removes what is empty, as any directory does.
  }
}
