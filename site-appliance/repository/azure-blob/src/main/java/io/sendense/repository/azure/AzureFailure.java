package io.sendense.repository.azure;

import com.azure.storage.blob.models.BlobStorageException;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Names what Azure's answers mean for the store's contract. */
final class AzureFailure {
  private AzureFailure() {}

  static boolean is(BlobStorageException e, String code) {
    return code.equals(code(e));
  }

  /** Of a call on one object. */
  static SendenseException of(
      String store, ObjectName name, String doing, RuntimeException failure) {
    if (!(failure instanceof BlobStorageException e)) {
      return failure instanceof SendenseException known
          ? known
          : withoutAnswer(store, doing + " " + name, failure);
    }
    return switch (code(e)) {
      case "BlobNotFound" -> StoreFailure.missing(store, name);
      case "BlobAlreadyExists" -> StoreFailure.exists(store, name);
      case "BlobArchived", "BlobBeingRehydrated" -> StoreFailure.archived(store, name);
      case "BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold" ->
          StoreFailure.locked(store, name, Optional.empty());
      default -> ofStatus(store, name, doing, e);
    };
  }

  /** Of a call on the container. */
  static SendenseException of(String store, String doing, RuntimeException failure) {
    return failure instanceof BlobStorageException e
        ? ofStatus(store, new ObjectName("container"), doing, e)
        : failure instanceof SendenseException known ? known : withoutAnswer(store, doing, failure);
  }

  private static SendenseException ofStatus(
      String store, ObjectName name, String doing, BlobStorageException e) {
    String code = code(e);
    if (code.equals("ContainerNotFound")
        || code.equals("ContainerBeingDeleted")
        || code.equals("ResourceNotFound")) {
      return new SendenseException(
          ErrorCode.NOT_FOUND,
          "there is no container " + store,
          "Check the name, or make the container; Sendense makes none.",
          e);
    }
    return switch (e.getStatusCode()) {
      case 401, 403 ->
          new SendenseException(
              ErrorCode.FORBIDDEN,
              store + " does not allow " + doing + " " + name + " (" + code + ")",
              "Give the appliance's identity the role Storage Blob Data Owner on the container, or"
                  + " a signature that is valid and allows it.",
              e);
      case 404 -> StoreFailure.missing(store, name);
      default ->
          isRefusal(e)
              ? new SendenseException(
                  ErrorCode.STORE_UNSUPPORTED,
                  store
                      + (" refuses " + doing + " " + name)
                      + (" (" + e.getStatusCode() + " " + code + ")"),
                  "Examine the container with `repository validate`; trying again changes nothing.",
                  e)
              : StoreFailure.unavailable(
                  store, doing + " " + name + ": " + e.getStatusCode() + " " + code, null);
    };
  }

  /**
   * An answer in the 400s says that the same request will be refused again, but for those that mean
   * a time, a rate, somebody else's request at the same moment, or bytes lost on the way.
   */
  private static boolean isRefusal(BlobStorageException e) {
    return switch (e.getStatusCode()) {
      case 408, 409, 412, 425, 429 -> false;
      default ->
          e.getStatusCode() >= 400
              && e.getStatusCode() <= 499
              && switch (code(e)) {
                case "Md5Mismatch", "Crc64Mismatch", "InvalidMd5", "OperationTimedOut" -> false;
                default -> true;
              };
    };
  }

  private static SendenseException withoutAnswer(
      String store, String doing, RuntimeException failure) {
    for (Throwable why = failure; why != null; why = why.getCause()) {
      if (why instanceof TimeoutException || why instanceof HttpTimeoutException) {
        return new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            store + " did not answer in time: " + doing,
            "Look at the line; whether a change took effect is unknown, and it is safe to run the"
                + " job again.",
            failure);
      }
      if (why instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        return new SendenseException(
            ErrorCode.CANCELLED, "the wait for " + store + " was interrupted", "", failure);
      }
    }
    return StoreFailure.unavailable(store, doing, failure);
  }

  private static String code(BlobStorageException e) {
    return e.getErrorCode() == null ? "" : e.getErrorCode().toString();
  }
}
