package io.sendense.repository.s3;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Names what an answer of the server, or its silence, means for the store's contract. */
final class S3Failure {
  private S3Failure() {}

  /** Provider's code of an error, such as {@code NoSuchKey}; empty where the answer has no body. */
  static String code(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }

  static boolean isMissing(S3Exception e) {
    return switch (code(e)) {
      case "NoSuchBucket" -> false;
      case "NoSuchKey", "NoSuchVersion" -> true;
      // HEAD has no body; a version that is a delete marker is answered with 405.
      default -> e.statusCode() == 404 || e.statusCode() == 405;
    };
  }

  static boolean isUnknownToServer(S3Exception e) {
    return e.statusCode() == 501 || code(e).equals("NotImplemented");
  }

  /**
   * @param name what the call was about; null for the bucket as a whole
   */
  static SendenseException of(
      String store, @Nullable ObjectName name, String doing, SdkException failure) {
    String what = doing + (name == null ? "" : " " + name);
    if (failure instanceof AbortedException) {
      Thread.currentThread().interrupt();
      return new SendenseException(
          ErrorCode.CANCELLED, what + " was interrupted", "Run the job again.", failure);
    }
    if (failure instanceof S3Exception answer) {
      return answered(store, name, what, answer);
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return new SendenseException(
            ErrorCode.STORE_UNAVAILABLE,
            store + " failed: " + what + ": its certificate or TLS was refused: " + first(cause),
            "Check the endpoint's name; name the file of its authority with ca=FILE.",
            failure);
      }
    }
    String message = String.valueOf(failure.getMessage());
    if (message.contains("Unable to load credentials") || message.contains("redentials")) {
      return unauthenticated(store, "no usable credentials were found", failure);
    }
    return new SendenseException(
        ErrorCode.STORE_UNAVAILABLE,
        store + " failed: " + what + ": " + first(failure),
        "Check that the endpoint is reachable from here, then run the job again.",
        failure);
  }

  private static SendenseException answered(
      String store, @Nullable ObjectName name, String what, S3Exception e) {
    String code = code(e);
    if (name != null) {
      switch (code) {
        case "InvalidObjectState" -> {
          return StoreFailure.archived(store, name);
        }
        case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull" -> {
          return StoreFailure.noSpace(store, name, e);
        }
        default -> {}
      }
    }
    switch (code) {
      case "NoSuchBucket" -> {
        return new SendenseException(
            ErrorCode.NOT_FOUND,
            "there is no bucket for " + store,
            "Make the bucket first, with Object Lock if restore points are to be immutable.",
            e);
      }
      case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken" -> {
        return unauthenticated(store, code, e);
      }
      case "RequestTimeTooSkewed" -> {
        return new SendenseException(
            ErrorCode.UNAUTHENTICATED,
            store + " refuses requests because this machine's clock differs too much from its own",
            "Set this machine's clock (NTP), then run the job again.",
            e);
      }
      case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint" -> {
        return new SendenseException(
            ErrorCode.BAD_ARGUMENT,
            store + " is in another region than was said: " + first(e),
            "Name the bucket's region with region=NAME.",
            e);
      }
      default -> {}
    }
    if (name != null && isMissing(e)) {
      return StoreFailure.missing(store, name);
    }
    if (isUnknownToServer(e)) {
      return StoreFailure.unsupported(store, what);
    }
    if (e.statusCode() == 403 || e.statusCode() == 401) {
      return new SendenseException(
          ErrorCode.FORBIDDEN,
          store + " does not allow " + what + ": " + first(e),
          "Give the account the rights listed in docs/guides/object-stores.md.",
          e);
    }
    if (e.statusCode() == 507 && name != null) {
      return StoreFailure.noSpace(store, name, e);
    }
    if (isRefusal(e)) {
      return new SendenseException(
          ErrorCode.STORE_UNSUPPORTED,
          store + " refuses " + what + " (" + e.statusCode() + " " + code + "): " + first(e),
          "Examine the bucket with `repository validate`; trying again changes nothing.",
          e);
    }
    return StoreFailure.unavailable(store, what + " (" + e.statusCode() + " " + code + ")", e);
  }

  /**
   * An answer in the 400s says that the same request will be refused again, but for those that mean
   * a time, a rate, somebody else's request at the same moment, or bytes lost on the way.
   */
  private static boolean isRefusal(S3Exception e) {
    if (e.statusCode() < 400 || e.statusCode() > 499) {
      return false;
    }
    return switch (e.statusCode()) {
      case 408, 409, 425, 429 -> false;
      default ->
          switch (code(e)) {
            case "RequestTimeout",
                "IncompleteBody",
                "BadDigest",
                "InvalidDigest",
                "XAmzContentSHA256Mismatch",
                "XAmzContentChecksumMismatch",
                "OperationAborted",
                "SlowDown",
                "Throttling",
                "ThrottlingException",
                "RequestLimitExceeded",
                "BandwidthLimitExceeded" ->
                false;
            default -> true;
          };
    };
  }

  private static SendenseException unauthenticated(String store, String why, Throwable cause) {
    return new SendenseException(
        ErrorCode.UNAUTHENTICATED,
        store + " does not know who asks: " + why,
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a file with credentials=FILE.",
        cause);
  }

  private static String first(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
