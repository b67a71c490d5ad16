package io.sendense.repository.s3;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Puts that never replace. Two things guard a name: the server refuses a put on a name that is
 * taken ({@code If-None-Match: *}), and in a bucket with versions only the first one counts, which
 * is asked after the put. One of them must work. Thread-safe.
 */
final class Puts {
  private final Bucket bucket;
  private final Keys keys;
  private final Locks locks;

  /** Whether the server minds If-None-Match; unknown before the first put. */
  private @Nullable Boolean minds;

  private volatile boolean withoutChecksum;

  Puts(Bucket bucket, Keys keys, Locks locks) {
    this.bucket = bucket;
    this.keys = keys;
    this.locks = locks;
  }

  /** Whether the server is known to keep no checksum of what it was given. */
  boolean withoutChecksum() {
    return withoutChecksum;
  }

  StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    if (bucket.versions() != Bucket.Versions.KEPT && !minds()) {
      throw StoreFailure.unsupported(
          describe(),
          "puts that never replace (If-None-Match), nor does the bucket keep versions; switch on"
              + " versioning, or puts");
    }
    PutObjectResponse done = send(name, content, offset, length, lock);
    withoutChecksum = done.checksumSHA256() == null;
    Version first = keys.required(name);
    if (bucket.versions() == Bucket.Versions.KEPT
        && !Objects.equals(first.id(), done.versionId())) {
      removeMine(name, done.versionId());
      throw StoreFailure.exists(describe(), name);
    }
    lock.ifPresent(wanted -> requireLocked(first, wanted));
    return first.stored();
  }

  private PutObjectResponse send(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(bucket.name())
            .key(bucket.key(name))
            .contentLength((long) length)
            .checksumSHA256(sha256(content, offset, length))
            .overrideConfiguration(call -> call.apiCallTimeout(patience(length)));
    if (bucket.versions() != Bucket.Versions.KEPT || mindsUnlessKnown()) {
      request.ifNoneMatch("*");
    }
    lock.ifPresent(
        wanted ->
            request
                .objectLockMode(ObjectLockMode.fromValue(wanted.mode().name()))
                .objectLockRetainUntilDate(wanted.until()));
    RequestBody body =
        RequestBody.fromContentProvider(
            () -> new ByteArrayInputStream(content, offset, length),
            length,
            "application/octet-stream");
    try {
      return bucket.client().putObject(request.build(), body);
    } catch (S3Exception e) {
      if (S3Failure.isUnknownToServer(e) && bucket.versions() == Bucket.Versions.KEPT && learn()) {
        return send(name, content, offset, length, lock);
      }
      if (e.statusCode() == 412 || (e.statusCode() == 409 && keys.find(name).isPresent())) {
        throw StoreFailure.exists(describe(), name);
      }
      throw bucket.failure(name, "putting", e);
    } catch (SdkException e) {
      throw bucket.failure(name, "putting", e);
    }
  }

  Duration patience(long bytes) {
    return bucket.settings().patience().plusSeconds(bytes >> 20);
  }

  private synchronized boolean mindsUnlessKnown() {
    return minds == null || minds;
  }

  /** Notes that the server knows no If-None-Match; false where that was known before. */
  private synchronized boolean learn() {
    boolean news = minds == null || minds;
    minds = false;
    return news;
  }

  /** Asks once, with an object of no name of ours, where nothing else guards names. */
  private synchronized boolean minds() {
    if (minds == null) {
      minds = probe(bucket.keyPrefix() + ".sendense-probe-" + UUID.randomUUID());
    }
    return minds;
  }

  private boolean probe(String key) {
    PutObjectRequest request =
        PutObjectRequest.builder().bucket(bucket.name()).key(key).ifNoneMatch("*").build();
    try {
      bucket.client().putObject(request, RequestBody.empty());
    } catch (S3Exception e) {
      if (S3Failure.isUnknownToServer(e)) {
        return false;
      }
      throw bucket.failure(null, "trying a put that never replaces", e);
    } catch (SdkException e) {
      throw bucket.failure(null, "trying a put that never replaces", e);
    }
    try {
      bucket.client().putObject(request, RequestBody.empty());
      return false;
    } catch (S3Exception e) {
      if (e.statusCode() == 412 || e.statusCode() == 409) {
        return true;
      }
      throw bucket.failure(null, "trying a put that never replaces", e);
    } catch (SdkException e) {
      throw bucket.failure(null, "trying a put that never replaces", e);
    } finally {
      bucket.call(
          null,
          "removing the trial object",
          () -> bucket.client().deleteObject(ask -> ask.bucket(bucket.name()).key(key)));
    }
  }

  /** What lost against an earlier version is of no use; where a lock keeps it, it does no harm. */
  private void removeMine(ObjectName name, @Nullable String version) {
    if (version == null) {
      return;
    }
    try {
      bucket
          .client()
          .deleteObject(ask -> ask.bucket(bucket.name()).key(bucket.key(name)).versionId(version));
    } catch (S3Exception e) {
      if (e.statusCode() >= 500) {
        throw bucket.failure(name, "removing a later version of", e);
      }
    } catch (SdkException e) {
      throw bucket.failure(name, "removing a later version of", e);
    }
  }

  /** Some servers take the lock of a put and forget it. */
  private void requireLocked(Version version, ObjectLock wanted) {
    if (locks.of(version).lock().filter(found -> Locks.covers(found, wanted)).isEmpty()) {
      removeMine(version.name(), version.id());
      keys.forget(version.name());
      throw new SendenseException(
          ErrorCode.STORE_UNSUPPORTED,
          describe() + " took " + version.name() + " without the lock that was asked for",
          "Give the account s3:GetObjectRetention; otherwise the provider does not lock objects.");
    }
  }

  private static String sha256(byte[] content, int offset, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(content, offset, length);
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String describe() {
    return bucket.settings().describe();
  }
}
