package io.sendense.repository.azure;

import com.azure.core.http.rest.Response;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.BlockBlobItem;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Objects as block blobs. Thread-safe. The store's clock is Last-Modified, in whole seconds.
 *
 * <p>The service checks every put against an MD5 of what was meant to be sent, and keeps it. It
 * computes no SHA-256, so there is no checksum of its own in the contract's sense.
 */
public final class AzureObjectStore implements ObjectStore {
  private static final long OBJECT_BYTES_MAX = 1L << 30;
  private static final int PAGE = 1000;

  private final AzureBlobs blobs;
  private final AzureLocks locks;
  private final StoreCapabilities capabilities;

  private AzureObjectStore(AzureBlobs blobs, boolean immutable) {
    this.blobs = blobs;
    this.locks = new AzureLocks(blobs);
    this.capabilities =
        new StoreCapabilities(
            true,
            immutable ? Set.of(LockMode.values()) : Set.of(),
            immutable,
            false,
            Set.of(ObjectTier.values()),
            OBJECT_BYTES_MAX);
  }

  /**
   * Opens a container that is there, and asks it whether it keeps immutable versions.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND, FORBIDDEN, STORE_UNAVAILABLE
   */
  public static AzureObjectStore open(AzureStoreOptions options, AzureCredential credential) {
    AzureBlobs blobs = new AzureBlobs(options, credential);
    try {
      return new AzureObjectStore(
          blobs,
          Boolean.TRUE.equals(
              blobs
                  .container()
                  .getPropertiesWithResponse(null, options.request(), Context.NONE)
                  .getValue()
                  .isImmutableStorageWithVersioningEnabled()));
    } catch (RuntimeException e) {
      throw AzureFailure.of(options.describe(), "opening", e);
    }
  }

  @Override
  public String describe() {
    return blobs.options().describe();
  }

  @Override
  public StoreCapabilities capabilities() {
    return capabilities;
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    if (length > OBJECT_BYTES_MAX) {
      throw StoreFailure.badRange(describe(), name, 0, length, OBJECT_BYTES_MAX);
    }
    lock.ifPresent(this::requireLocks);
    // A copy, because a call that is given up may go on reading for a moment.
    byte[] own = Arrays.copyOfRange(content, offset, offset + length);
    BlockBlobSimpleUploadOptions upload =
        new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(own))
            .setContentMd5(Md5.of(own))
            .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*"));
    lock.map(BlobState::policy).ifPresent(upload::setImmutabilityPolicy);
    try {
      Response<BlockBlobItem> response =
          blobs.blob(name).getBlockBlobClient().uploadWithResponse(upload, atMost(), Context.NONE);
      lock.ifPresent(wanted -> locks.requireSet(name, wanted));
      return new StoredObject(name, length, response.getValue().getLastModified().toInstant());
    } catch (RuntimeException e) {
      if (e instanceof BlobStorageException answer && AzureLocks.nameIsTaken(answer)) {
        throw StoreFailure.exists(describe(), name);
      }
      throw failure(name, "writing", e);
    }
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    if (position < 0 || length < 0) {
      throw StoreFailure.badRange(describe(), name, position, length, 0);
    }
    FixedOutput output = new FixedOutput(target, offset, length);
    if (length > 0) {
      try {
        download(name, new BlobRange(position, (long) length), output, new BlobRequestConditions());
      } catch (BlobStorageException e) {
        if (e.getStatusCode() != 416) {
          throw failure(name, "reading", e);
        }
      } catch (RuntimeException e) {
        throw failure(name, "reading", e);
      }
    }
    long actual = output.filled() == length && length > 0 ? Long.MAX_VALUE : lengthOf(name);
    if (position > actual - length) {
      throw StoreFailure.badRange(describe(), name, position, length, actual);
    }
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    BlobProperties properties = properties(name);
    long length = properties.getBlobSize();
    if (length > bytesMax) {
      throw StoreFailure.badRange(describe(), name, 0, bytesMax, length);
    }
    byte[] content = new byte[(int) length];
    if (!BlobState.tierState(properties).readable()) {
      throw StoreFailure.archived(describe(), name);
    }
    if (length > 0) {
      FixedOutput output = new FixedOutput(content, 0, content.length);
      try {
        download(
            name,
            new BlobRange(0),
            output,
            new BlobRequestConditions().setIfMatch(properties.getETag()));
      } catch (RuntimeException e) {
        throw failure(name, "reading", e);
      }
      if (output.filled() != content.length) {
        throw StoreFailure.unavailable(describe(), "reading " + name + ": cut short", null);
      }
    }
    return content;
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return locks.find(name).map(properties -> BlobState.stored(name, properties));
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    String prefix = folder.isEmpty() ? "" : new ObjectName(folder) + "/";
    ListBlobsOptions page =
        new ListBlobsOptions()
            .setPrefix(blobs.options().prefix() + prefix)
            .setMaxResultsPerPage(PAGE);
    Iterator<BlobItem> items =
        listing(folder, () -> blobs.container().listBlobs(page, atMost()).iterator());
    while (listing(folder, items::hasNext)) {
      BlobItem item = listing(folder, items::next);
      blobs
          .name(item.getName())
          .ifPresent(
              name ->
                  visitor.accept(
                      new StoredObject(
                          name,
                          item.getProperties().getContentLength(),
                          item.getProperties().getLastModified().toInstant())));
    }
  }

  @Override
  public void delete(ObjectName name) {
    locks.delete(name);
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    properties(name);
    return Optional.empty();
  }

  @Override
  public LockState lockState(ObjectName name) {
    return BlobState.lockState(properties(name));
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    requireLocks(lock);
    locks.extend(name, lock);
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    if (!capabilities.legalHold()) {
      throw StoreFailure.unsupported(describe(), "legal hold");
    }
    locks.hold(name, held);
  }

  @Override
  public TierState tierState(ObjectName name) {
    return BlobState.tierState(properties(name));
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    BlobProperties before = properties(name);
    TierState lies = BlobState.tierState(before);
    boolean there = lies.tier() == tier && !lies.rehydrating();
    if (there || BlobState.comingBackTo(before).filter(tier::equals).isPresent()) {
      return;
    }
    try {
      blobs
          .blob(name)
          .setAccessTierWithResponse(BlobState.tier(tier), null, null, atMost(), Context.NONE);
    } catch (RuntimeException e) {
      throw failure(name, "moving", e);
    }
  }

  @Override
  public void close() {
    // The JDK's HTTP client lets its connections go by itself.
  }

  /** Names what the service throws, and leaves alone what the visitor throws. */
  private <T> T listing(String folder, Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      throw AzureFailure.of(describe(), "listing " + folder, e);
    }
  }

  private void download(
      ObjectName name, BlobRange range, FixedOutput output, BlobRequestConditions conditions) {
    BlobClient blob = blobs.blob(name);
    DownloadRetryOptions once = new DownloadRetryOptions().setMaxRetryRequests(0);
    blob.downloadStreamWithResponse(output, range, once, conditions, false, atMost(), Context.NONE);
  }

  private BlobProperties properties(ObjectName name) {
    return locks.find(name).orElseThrow(() -> StoreFailure.missing(describe(), name));
  }

  private long lengthOf(ObjectName name) {
    return properties(name).getBlobSize();
  }

  private void requireLocks(ObjectLock lock) {
    if (!capabilities.lockModes().contains(lock.mode())) {
      throw StoreFailure.unsupported(describe(), "object lock in mode " + lock.mode());
    }
  }

  private RuntimeException failure(ObjectName name, String doing, RuntimeException e) {
    return AzureFailure.of(describe(), name, doing, e);
  }

  private Duration atMost() {
    return blobs.options().request();
  }
}
