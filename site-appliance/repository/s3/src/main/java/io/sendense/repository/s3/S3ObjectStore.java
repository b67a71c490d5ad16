package io.sendense.repository.s3;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
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
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Objects of a bucket below a prefix. Thread-safe; several processes may share the prefix.
 *
 * <p>In a bucket that keeps versions the first version of a key is the object: a later version or a
 * delete marker, whoever made it, neither changes nor hides it. The store's clock is the server's
 * {@code Last-Modified}, in whole seconds.
 */
public final class S3ObjectStore implements ObjectStore {
  /** One PUT carries an object; S3 itself takes 5 GiB, arrays and deadlines less. */
  private static final long OBJECT_BYTES_MAX = 1L << 30;

  private final Bucket bucket;
  private final Keys keys;
  private final Reads reads;
  private final Locks locks;
  private final Puts puts;
  private final Tiers tiers;

  private S3ObjectStore(Bucket bucket) {
    this.bucket = bucket;
    keys = new Keys(bucket);
    reads = new Reads(bucket, keys);
    locks = new Locks(bucket);
    puts = new Puts(bucket, keys, locks);
    tiers = new Tiers(bucket, locks);
  }

  /**
   * Opens a store in a bucket that is there. Asks the bucket whether it keeps versions, locks
   * objects and moves them between storage classes; that must not change while the store is open.
   *
   * @throws SendenseException NOT_FOUND for a bucket that is not there, UNAUTHENTICATED, FORBIDDEN,
   *     BAD_ARGUMENT for files that cannot be read or the wrong region, STORE_UNAVAILABLE
   */
  public static S3ObjectStore open(S3Settings settings) {
    S3Client client = Connection.to(settings);
    try {
      return new S3ObjectStore(Bucket.examine(client, settings));
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  @Override
  public String describe() {
    return bucket.settings().describe();
  }

  @Override
  public StoreCapabilities capabilities() {
    return new StoreCapabilities(
        true,
        bucket.locks() ? Set.of(LockMode.values()) : Set.of(),
        bucket.locks(),
        !puts.withoutChecksum(),
        bucket.tiers(),
        OBJECT_BYTES_MAX);
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    if (length > OBJECT_BYTES_MAX) {
      throw StoreFailure.badRange(describe(), name, 0, length, OBJECT_BYTES_MAX);
    }
    if (lock.isPresent()) {
      requireLocks();
    }
    return puts.put(name, content, offset, length, lock);
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    reads.range(name, position, target, offset, length);
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    return reads.whole(name, bytesMax);
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return keys.find(name).map(Version::stored);
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    keys.list(folder, version -> visitor.accept(version.stored()));
  }

  @Override
  public void delete(ObjectName name) {
    keys.forget(name);
    if (!bucket.hasVersions()) {
      bucket.call(
          name,
          "deleting",
          () ->
              bucket.client().deleteObject(ask -> ask.bucket(bucket.name()).key(bucket.key(name))));
      return;
    }
    // The object goes last: until then it is there, whatever was put on top of it.
    List<String> versions = keys.everything(name);
    for (String id : versions) {
      Version version = new Version(name, id, 0, java.time.Instant.EPOCH);
      locks.change(
          version,
          "deleting",
          () ->
              bucket
                  .client()
                  .deleteObject(
                      ask -> ask.bucket(bucket.name()).key(bucket.key(name)).versionId(id)));
    }
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    HeadObjectResponse head = locks.head(keys.required(name));
    // A composite one is a checksum of parts' checksums, which says nothing of the whole.
    return Optional.ofNullable(head.checksumSHA256())
        .filter(sum -> head.checksumType() != ChecksumType.COMPOSITE && !sum.contains("-"))
        .map(Base64.getDecoder()::decode);
  }

  @Override
  public LockState lockState(ObjectName name) {
    return locks.of(keys.required(name));
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    requireLocks();
    locks.extend(keys.required(name), lock);
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    requireLocks();
    locks.hold(keys.required(name), held);
  }

  @Override
  public TierState tierState(ObjectName name) {
    return tiers.state(keys.required(name));
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    tiers.move(keys.required(name), tier);
  }

  @Override
  public void close() {
    bucket.client().close();
  }

  private void requireLocks() {
    if (!bucket.locks()) {
      throw new SendenseException(
          ErrorCode.STORE_UNSUPPORTED,
          describe() + " does not lock objects: its bucket was made without Object Lock",
          "Make a bucket with Object Lock, or use a policy that does not ask for it.");
    }
  }
}
