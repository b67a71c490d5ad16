package io.sendense.repository.s3;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.StoreFailure;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Locks and legal holds of versions. The right to lift a governance lock is never used. */
final class Locks {
  private final Bucket bucket;

  Locks(Bucket bucket) {
    this.bucket = bucket;
  }

  /** Whether a lock binds as much and as long as another. */
  static boolean covers(ObjectLock found, ObjectLock wanted) {
    return !found.until().isBefore(wanted.until())
        && (found.mode() == LockMode.COMPLIANCE || wanted.mode() == LockMode.GOVERNANCE);
  }

  LockState of(Version version) {
    return of(head(version));
  }

  HeadObjectResponse head(Version version) {
    return bucket.call(
        version.name(),
        "asking for",
        () ->
            bucket
                .client()
                .headObject(
                    ask ->
                        ask.bucket(bucket.name())
                            .key(bucket.key(version.name()))
                            .versionId(version.id())
                            .checksumMode("ENABLED")));
  }

  private static LockState of(HeadObjectResponse head) {
    Instant until = head.objectLockRetainUntilDate();
    String mode = head.objectLockModeAsString();
    Optional<ObjectLock> lock =
        until == null || mode == null
            ? Optional.empty()
            : Optional.of(
                new ObjectLock(LockMode.valueOf(mode), until.truncatedTo(ChronoUnit.SECONDS)));
    return new LockState(lock, head.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON);
  }

  void extend(Version version, ObjectLock wanted) {
    Optional<ObjectLock> found = of(version).lock();
    if (found.filter(lock -> covers(lock, wanted)).isPresent()) {
      if (!found.get().until().equals(wanted.until())) {
        throw locked(version, found.map(ObjectLock::until));
      }
      return;
    }
    if (found.filter(lock -> wanted.until().isBefore(lock.until())).isPresent()) {
      throw locked(version, found.map(ObjectLock::until));
    }
    change(
        version,
        "locking",
        () ->
            bucket
                .client()
                .putObjectRetention(
                    ask ->
                        ask.bucket(bucket.name())
                            .key(bucket.key(version.name()))
                            .versionId(version.id())
                            .retention(
                                r ->
                                    r.mode(ObjectLockRetentionMode.valueOf(wanted.mode().name()))
                                        .retainUntilDate(wanted.until()))));
    if (of(version).lock().filter(lock -> covers(lock, wanted)).isEmpty()) {
      throw StoreFailure.unsupported(
          bucket.settings().describe(), "locks that last; it took one and does not show it, so it");
    }
  }

  void hold(Version version, boolean held) {
    change(
        version,
        "holding",
        () ->
            bucket
                .client()
                .putObjectLegalHold(
                    ask ->
                        ask.bucket(bucket.name())
                            .key(bucket.key(version.name()))
                            .versionId(version.id())
                            .legalHold(
                                hold ->
                                    hold.status(
                                        held
                                            ? ObjectLockLegalHoldStatus.ON
                                            : ObjectLockLegalHoldStatus.OFF))));
  }

  /** Runs a change of a version; a refusal is explained by the lock that it carries. */
  void change(Version version, String doing, Runnable change) {
    try {
      change.run();
    } catch (S3Exception e) {
      // Providers differ in how they say it: 403 AccessDenied, 400 InvalidRequest.
      if ((e.statusCode() == 403 || e.statusCode() == 400) && bucket.locks()) {
        LockState state = of(version);
        if (state.legalHold()) {
          throw locked(version, Optional.empty());
        }
        if (state.lock().isPresent()) {
          throw locked(version, state.lock().map(ObjectLock::until));
        }
      }
      throw bucket.failure(version.name(), doing, e);
    } catch (SdkException e) {
      throw bucket.failure(version.name(), doing, e);
    }
  }

  private SendenseException locked(Version version, Optional<Instant> until) {
    return StoreFailure.locked(bucket.settings().describe(), version.name(), until);
  }
}
