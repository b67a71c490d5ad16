package io.sendense.repository.spi;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes and reads the failures of an {@link ObjectStore}, so that all stores fail alike. */
public final class StoreFailure {
  private StoreFailure() {}

  public static SendenseException missing(String store, ObjectName name) {
    return new SendenseException(
        ErrorCode.STORE_OBJECT_MISSING,
        "object " + name + " is missing from " + store,
        "Run `repository verify` to see which restore points it affects.");
  }

  public static SendenseException exists(String store, ObjectName name) {
    return new SendenseException(
        ErrorCode.ALREADY_EXISTS,
        "object " + name + " is already in " + store + "; it was left as it is",
        "Nothing sealed is ever overwritten; use another name.");
  }

  public static SendenseException noSpace(String store, ObjectName name, @Nullable Throwable why) {
    return new SendenseException(
        ErrorCode.NO_SPACE,
        "no space left in " + store + " while writing " + name + "; nothing of it became visible",
        "Free or add space and run the job again; earlier restore points are whole.",
        why);
  }

  public static SendenseException readOnly(String store, ObjectName name) {
    return new SendenseException(
        ErrorCode.STORE_READ_ONLY,
        store + " was opened for reading only; " + name + " was not changed",
        "Open the store for writing.");
  }

  public static SendenseException forbidden(
      String store, ObjectName name, @Nullable Throwable why) {
    return new SendenseException(
        ErrorCode.FORBIDDEN,
        store + " does not allow access to " + name,
        "Give the appliance's account the right to read and write there.",
        why);
  }

  /**
   * @param until end of the lock; empty for a legal hold
   */
  public static SendenseException locked(String store, ObjectName name, Optional<Instant> until) {
    return new SendenseException(
        ErrorCode.STORE_LOCKED,
        store
            + " keeps "
            + name
            + until.map(date -> " locked until " + date).orElse(" under a legal hold")
            + "; it was not changed",
        until.isPresent()
            ? "Wait for that date; the lock is what protects the restore points."
            : "Lift the legal hold first, if that is allowed.");
  }

  public static SendenseException archived(String store, ObjectName name) {
    return new SendenseException(
        ErrorCode.STORE_ARCHIVED,
        name + " lies in the archive of " + store + " and cannot be read yet",
        "Ask for the restore point to be brought back (`repository rehydrate`); it takes hours.");
  }

  /**
   * @param what that it lacks, such as "object lock"
   */
  public static SendenseException unsupported(String store, String what) {
    return new SendenseException(
        ErrorCode.STORE_UNSUPPORTED,
        store + " does not offer " + what + "; nothing was done",
        "Use a store that does, or a policy that does not ask for it.");
  }

  public static SendenseException unavailable(String store, String what, @Nullable Throwable why) {
    String reason = why == null || why.getMessage() == null ? "" : ": " + why.getMessage();
    return new SendenseException(
        ErrorCode.STORE_UNAVAILABLE,
        store + " failed: " + what + reason,
        "Check that the store is mounted and reachable, then run the job again.",
        why);
  }

  public static SendenseException badRange(
      String store, ObjectName name, long position, long length, long actual) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "bytes ["
            + position
            + ", "
            + (position + length)
            + ") are not within "
            + name
            + " of "
            + store
            + ", which has "
            + actual
            + " bytes",
        "The object may have been cut short; run `repository verify`.");
  }

  /** Whether the object asked for is not there. */
  public static boolean isMissing(SendenseException failure) {
    return failure.code() == ErrorCode.STORE_OBJECT_MISSING;
  }

  /** Whether the same call would fail again until somebody acts. */
  public static boolean isPermanent(SendenseException failure) {
    return failure.code() != ErrorCode.STORE_UNAVAILABLE
        && failure.code() != ErrorCode.DEADLINE_EXCEEDED;
  }
}
