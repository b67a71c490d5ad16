package io.sendense.repository.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.ObjectStoreContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A store that offers everything, behind BoringSSL at both ends. */
@Tag("server")
class RemoteObjectStoreTest extends ObjectStoreContract {
  private Site site = Site.start(new MemoryObjectStore(InstantSource.system()));

  @Override
  protected ObjectStore createStore() {
    return site.client();
  }

  @Override
  protected ObjectStore reopenStore() {
    return site.client();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void theNativeLibraryIsThere() {
    assertThat(TlsIdentity.nativeTls()).isTrue();
  }
}
