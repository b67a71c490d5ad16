package io.sendense.repository.s3;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Reads of the version that is the object. */
final class Reads {
  private final Bucket bucket;
  private final Keys keys;

  Reads(Bucket bucket, Keys keys) {
    this.bucket = bucket;
    this.keys = keys;
  }

  void range(ObjectName name, long position, byte[] target, int offset, int length) {
    if (position < 0 || length < 0) {
      throw StoreFailure.badRange(describe(), name, position, length, 0);
    }
    onObject(
        name,
        version -> {
          if (position > version.lengthBytes() - length) {
            throw StoreFailure.badRange(describe(), name, position, length, version.lengthBytes());
          }
          if (length > 0) {
            fetch(
                request(version)
                    .range("bytes=" + position + "-" + (position + length - 1))
                    .overrideConfiguration(call -> call.apiCallTimeout(patience(length)))
                    .build(),
                name,
                target,
                offset,
                length);
          }
          return version;
        });
  }

  byte[] whole(ObjectName name, int bytesMax) {
    return onObject(
        name,
        version -> {
          if (version.lengthBytes() > bytesMax) {
            throw StoreFailure.badRange(describe(), name, 0, bytesMax, version.lengthBytes());
          }
          byte[] content = new byte[(int) version.lengthBytes()];
          fetch(
              request(version)
                  .overrideConfiguration(call -> call.apiCallTimeout(patience(content.length)))
                  .build(),
              name,
              content,
              0,
              content.length);
          return content;
        });
  }

  /** What is remembered of a name may be of an object that was deleted and put again since. */
  private <T> T onObject(ObjectName name, Function<Version, T> read) {
    Version version = keys.recent(name);
    try {
      return read.apply(version);
    } catch (SendenseException e) {
      keys.forget(name);
      Version now = keys.required(name);
      if (now.equals(version)) {
        throw e;
      }
      return read.apply(now);
    }
  }

  private GetObjectRequest.Builder request(Version version) {
    return GetObjectRequest.builder()
        .bucket(bucket.name())
        .key(bucket.key(version.name()))
        .versionId(version.id());
  }

  private void fetch(
      GetObjectRequest request, ObjectName name, byte[] target, int offset, int length) {
    try {
      bucket
          .client()
          .getObject(
              request,
              ResponseTransformer.unmanaged(
                  (GetObjectResponse response, AbortableInputStream in) -> {
                    drain(name, response, in, target, offset, length);
                    return response;
                  }));
    } catch (S3Exception e) {
      if (e.statusCode() == 416) {
        throw StoreFailure.badRange(describe(), name, 0, length, 0);
      }
      throw bucket.failure(name, "reading", e);
    } catch (SdkException e) {
      if (e.getCause() instanceof SendenseException known) {
        throw known;
      }
      throw bucket.failure(name, "reading", e);
    }
  }

  private void drain(
      ObjectName name,
      GetObjectResponse response,
      AbortableInputStream in,
      byte[] target,
      int offset,
      int length)
      throws IOException {
    if (response.contentLength() != length) {
      in.abort();
      throw StoreFailure.badRange(describe(), name, 0, length, response.contentLength());
    }
    try (in) {
      int got = in.readNBytes(target, offset, length);
      if (got != length) {
        throw new IOException("the answer ended after " + got + " of " + length + " bytes");
      }
    }
  }

  private Duration patience(long bytes) {
    return bucket.settings().patience().plusSeconds(bytes >> 20);
  }

  private String describe() {
    return bucket.settings().describe();
  }
}
