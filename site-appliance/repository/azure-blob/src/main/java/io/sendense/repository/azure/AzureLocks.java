package io.sendense.repository.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.rest.Response;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Immutability policies, legal holds, and the deletion they forbid.
 *
 * <p>A container with immutable versions keeps every deleted blob as an earlier version. So a
 * deletion is two steps: the blob becomes an earlier version, then that version goes. The service
 * forbids the second for a locked version; the first it would allow, and hide what is locked.
 * Therefore a lock is looked for before. One that is set in the moment between leaves the content
 * as a version that the service keeps.
 */
final class AzureLocks {
  private final AzureBlobs blobs;

  AzureLocks(AzureBlobs blobs) {
    this.blobs = blobs;
  }

  /** Also a put on a locked blob says that it is immutable, before it says that it is there. */
  static boolean nameIsTaken(BlobStorageException e) {
    return AzureFailure.is(e, "BlobAlreadyExists")
        || AzureFailure.is(e, "BlobImmutableDueToPolicy")
        || AzureFailure.is(e, "BlobImmutableDueToLegalHold")
        || e.getStatusCode() == 412;
  }

  Optional<BlobProperties> find(ObjectName name) {
    return answer(name).map(Response::getValue);
  }

  /** Fails closed: a service that takes a lock and forgets it is not one to keep anything in. */
  void requireSet(ObjectName name, ObjectLock wanted) {
    LockState found = find(name).map(BlobState::lockState).orElse(LockState.FREE);
    if (found.lock().filter(lock -> !weaker(lock, wanted)).isEmpty()) {
      throw StoreFailure.unsupported(
          describe(), "the lock it was asked for (" + name + " was stored without it)");
    }
  }

  void extend(ObjectName name, ObjectLock lock) {
    Response<BlobProperties> before = required(name);
    Optional<ObjectLock> old =
        BlobState.lockState(before.getValue())
            .lock()
            .filter(held -> held.until().isAfter(now(before)));
    if (old.filter(held -> weaker(lock, held)).isPresent()) {
      throw StoreFailure.locked(describe(), name, old.map(ObjectLock::until));
    }
    if (old.equals(Optional.of(lock))) {
      return;
    }
    try {
      blobs
          .blob(name)
          .setImmutabilityPolicyWithResponse(
              BlobState.policy(lock), new BlobRequestConditions(), atMost(), Context.NONE);
    } catch (RuntimeException e) {
      throw failure(name, "locking", e);
    }
  }

  void hold(ObjectName name, boolean held) {
    try {
      blobs.blob(name).setLegalHoldWithResponse(held, atMost(), Context.NONE);
    } catch (RuntimeException e) {
      throw failure(name, "holding", e);
    }
  }

  void delete(ObjectName name) {
    Optional<Response<BlobProperties>> found = answer(name);
    if (found.isEmpty()) {
      return;
    }
    BlobProperties properties = found.get().getValue();
    LockState state = BlobState.lockState(properties);
    if (state.refusesDeletion(now(found.get()))) {
      throw StoreFailure.locked(
          describe(),
          name,
          state.legalHold() ? Optional.empty() : state.lock().map(ObjectLock::until));
    }
    BlobClient blob = blobs.blob(name);
    try {
      blob.deleteWithResponse(
          null,
          new BlobRequestConditions().setIfMatch(properties.getETag()),
          atMost(),
          Context.NONE);
      if (properties.getVersionId() != null) {
        deleteVersion(blob, properties.getVersionId());
      }
    } catch (RuntimeException e) {
      if (e instanceof BlobStorageException answer && AzureFailure.is(answer, "BlobNotFound")) {
        return;
      }
      throw failure(name, "deleting", e);
    }
  }

  private void deleteVersion(BlobClient blob, String version) {
    try {
      blob.getVersionClient(version)
          .deleteWithResponse(null, new BlobRequestConditions(), atMost(), Context.NONE);
    } catch (BlobStorageException e) {
      // Without versioning the blob itself was the version, and is gone.
      if (e.getStatusCode() != 404) {
        throw e;
      }
    }
  }

  private Response<BlobProperties> required(ObjectName name) {
    return answer(name).orElseThrow(() -> StoreFailure.missing(describe(), name));
  }

  private Optional<Response<BlobProperties>> answer(ObjectName name) {
    try {
      return Optional.of(
          blobs
              .blob(name)
              .getPropertiesWithResponse(new BlobRequestConditions(), atMost(), Context.NONE));
    } catch (RuntimeException e) {
      SendenseException failure = failure(name, "looking at", e);
      if (StoreFailure.isMissing(failure)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** The service's clock, by which it judges locks. */
  private static Instant now(Response<BlobProperties> response) {
    String date = response.getHeaders().getValue(HttpHeaderName.DATE);
    return date == null
        ? response.getValue().getLastModified().toInstant()
        : OffsetDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }

  private static boolean weaker(ObjectLock lock, ObjectLock than) {
    return lock.until().isBefore(than.until())
        || (than.mode() == LockMode.COMPLIANCE && lock.mode() == LockMode.GOVERNANCE);
  }

  private SendenseException failure(ObjectName name, String doing, RuntimeException e) {
    return AzureFailure.of(describe(), name, doing, e);
  }

  private String describe() {
    return blobs.options().describe();
  }

  private Duration atMost() {
    return blobs.options().request();
  }
}
