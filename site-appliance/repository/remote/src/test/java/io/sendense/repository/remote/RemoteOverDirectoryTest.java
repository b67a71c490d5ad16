package io.sendense.repository.remote;

import io.sendense.repository.local.LocalObjectStore;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.ObjectStoreContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A directory without checksum, locks and tiers, behind the JDK's TLS at both ends. */
@Tag("server")
class RemoteOverDirectoryTest extends ObjectStoreContract {
  @TempDir Path folder;

  private Optional<Site> site = Optional.empty();

  @Override
  protected ObjectStore createStore() {
    LocalObjectStore behind = LocalObjectStore.create(folder.resolve("store"));
    Site started =
        Site.start(
            List.of(Site.grant("site-b", behind, Site.EVERYTHING)),
            0,
            UnaryOperator.identity(),
            false);
    site = Optional.of(started);
    return started.client();
  }

  @Override
  protected ObjectStore reopenStore() {
    return site.orElseThrow().client();
  }

  @AfterEach
  void stop() {
    site.ifPresent(Site::close);
  }
}
