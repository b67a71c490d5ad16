package io.sendense.repository.azure;

import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.ArchiveStatus;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.models.BlobProperties;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Azure's words for the contract's, in both directions. */
final class BlobState {
  private BlobState() {}

  static StoredObject stored(ObjectName name, BlobProperties properties) {
    return new StoredObject(
        name, properties.getBlobSize(), properties.getLastModified().toInstant());
  }

  static LockState lockState(BlobProperties properties) {
    Optional<ObjectLock> lock =
        Optional.ofNullable(properties.getImmutabilityPolicy()).flatMap(BlobState::lock);
    return new LockState(lock, Boolean.TRUE.equals(properties.hasLegalHold()));
  }

  static BlobImmutabilityPolicy policy(ObjectLock lock) {
    return new BlobImmutabilityPolicy()
        .setExpiryTime(lock.until().atOffset(ZoneOffset.UTC))
        .setPolicyMode(
            lock.mode() == LockMode.COMPLIANCE
                ? BlobImmutabilityPolicyMode.LOCKED
                : BlobImmutabilityPolicyMode.UNLOCKED);
  }

  static AccessTier tier(ObjectTier tier) {
    return switch (tier) {
      case HOT -> AccessTier.HOT;
      case COOL -> AccessTier.COOL;
      case ARCHIVE -> AccessTier.ARCHIVE;
    };
  }

  static TierState tierState(BlobProperties properties) {
    AccessTier tier = properties.getAccessTier();
    if (AccessTier.ARCHIVE.equals(tier)) {
      return new TierState(ObjectTier.ARCHIVE, false, properties.getArchiveStatus() != null);
    }
    boolean cool = AccessTier.COOL.equals(tier) || AccessTier.COLD.equals(tier);
    return TierState.online(cool ? ObjectTier.COOL : ObjectTier.HOT);
  }

  /** Where a blob is being brought back to. */
  static Optional<ObjectTier> comingBackTo(BlobProperties properties) {
    return Optional.ofNullable(properties.getArchiveStatus())
        .map(
            status ->
                ArchiveStatus.REHYDRATE_PENDING_TO_HOT.equals(status)
                    ? ObjectTier.HOT
                    : ObjectTier.COOL);
  }

  private static Optional<ObjectLock> lock(BlobImmutabilityPolicy policy) {
    OffsetDateTime until = policy.getExpiryTime();
    if (until == null || BlobImmutabilityPolicyMode.MUTABLE == policy.getPolicyMode()) {
      return Optional.empty();
    }
    LockMode mode =
        BlobImmutabilityPolicyMode.LOCKED == policy.getPolicyMode()
            ? LockMode.COMPLIANCE
            : LockMode.GOVERNANCE;
    return Optional.of(new ObjectLock(mode, until.toInstant().truncatedTo(ChronoUnit.SECONDS)));
  }
}
