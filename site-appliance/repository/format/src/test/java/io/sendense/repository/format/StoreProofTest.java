package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreProofTest {
  private static final ObjectName NAME = new ObjectName("packs/a");
  private static final byte[] CONTENT = {1, 2, 3, 4};

  @Test
  void aStoreThatTellsTheRightChecksumNeedsNoReadingBack() {
    assertThat(holds(new MemoryObjectStore(InstantSource.system()), 3)).isTrue();
  }

  @Test
  void aStoreWithoutChecksumsIsReadBack() {
    ObjectStore store = new MemoryObjectStore(InstantSource.system(), StoreCapabilities.NONE);
    assertThat(holds(store, 3)).isFalse();
  }

  @Test
  void aStoreThatOffersChecksumsAndTellsNoneIsReadBack() {
    assertThat(holds(telling(Optional.empty()), 3)).isFalse();
  }

  @Test
  void aStoreThatTellsAnotherChecksumHasDamagedWhatItWasGiven() {
    assertThatThrownBy(() -> holds(telling(Optional.of(new byte[32])), 3))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_DAMAGED));
  }

  private static boolean holds(ObjectStore store, int length) {
    MessageDigest digest = BlobCodec.sha256();
    digest.update(CONTENT, 0, length);
    store.put(NAME, CONTENT, 0, length);
    return StoreProof.holds(store, NAME, digest.digest());
  }

  private static ObjectStore telling(Optional<byte[]> checksum) {
    return new ForwardingObjectStore(new MemoryObjectStore(InstantSource.system())) {
      @Override
      public Optional<byte[]> backendChecksum(ObjectName name) {
        return checksum;
      }
    };
  }
}
