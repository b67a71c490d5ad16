package io.sendense.repository.s3;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Which version of each key is the object: the first one. What anybody puts later under the key, a
 * delete marker included, changes nothing. Remembers a bounded number of them. Thread-safe.
 */
final class Keys {
  private static final int REMEMBERED = 1 << 16;

  /** A name with a million versions was not made by us, and would keep us asking for hours. */
  private static final int PAGES_MAX = 1000;

  private static final int FEW = 10;

  private final Bucket bucket;
  private final Map<ObjectName, Version> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectName, Version> eldest) {
          return size() > REMEMBERED;
        }
      };

  Keys(Bucket bucket) {
    this.bucket = bucket;
  }

  /** One that is there or was there lately, without asking if it was seen before. */
  Version recent(ObjectName name) {
    synchronized (known) {
      Version version = known.get(name);
      if (version != null) {
        return version;
      }
    }
    return required(name);
  }

  void forget(ObjectName name) {
    synchronized (known) {
      known.remove(name);
    }
  }

  Version required(ObjectName name) {
    return find(name).orElseThrow(() -> StoreFailure.missing(describe(), name));
  }

  /** What the store says now. */
  Optional<Version> find(ObjectName name) {
    Optional<Version> found = bucket.hasVersions() ? first(name) : head(name);
    found.ifPresentOrElse(this::remember, () -> forget(name));
    return found;
  }

  /** Ids of all versions and delete markers of a key, the first version last. */
  List<String> everything(ObjectName name) {
    List<String> markers = new ArrayList<>();
    List<String> versions = new ArrayList<>();
    String key = bucket.key(name);
    pages(
        key,
        FEW,
        page -> {
          page.deleteMarkers().stream()
              .filter(marker -> marker.key().equals(key))
              .forEach(marker -> markers.add(marker.versionId()));
          page.versions().stream()
              .filter(version -> version.key().equals(key))
              .forEach(version -> versions.add(version.versionId()));
          return page.versions().stream().allMatch(version -> version.key().equals(key))
              && page.deleteMarkers().stream().allMatch(marker -> marker.key().equals(key));
        });
    markers.addAll(versions);
    return markers;
  }

  /** Every object below a folder, ascending. */
  void list(String folder, Consumer<Version> visitor) {
    String prefix = bucket.keyPrefix() + (folder.isEmpty() ? "" : folder + "/");
    Consumer<Version> remembering =
        version -> {
          remember(version);
          visitor.accept(version);
        };
    if (!bucket.hasVersions()) {
      listPlain(prefix, remembering);
      return;
    }
    // Versions of a key come newest first, so that the last of a run is the object.
    ObjectVersion[] last = new ObjectVersion[1];
    pages(
        prefix,
        1000,
        page -> {
          for (ObjectVersion version : page.versions()) {
            if (last[0] != null && !last[0].key().equals(version.key())) {
              version(last[0]).ifPresent(remembering);
            }
            last[0] = version;
          }
          return true;
        });
    if (last[0] != null) {
      version(last[0]).ifPresent(remembering);
    }
  }

  private Optional<Version> first(ObjectName name) {
    String key = bucket.key(name);
    ObjectVersion[] last = new ObjectVersion[1];
    int pages =
        pages(
            key,
            FEW,
            page -> {
              boolean more = true;
              for (ObjectVersion version : page.versions()) {
                if (version.key().equals(key)) {
                  last[0] = version;
                } else {
                  more = false;
                }
              }
              return more && page.deleteMarkers().stream().allMatch(m -> m.key().equals(key));
            });
    if (pages > PAGES_MAX) {
      throw StoreFailure.unavailable(
          describe(), name + " has more versions than anybody but a vandal makes", null);
    }
    return Optional.ofNullable(last[0]).flatMap(this::version);
  }

  private Optional<Version> head(ObjectName name) {
    try {
      HeadObjectResponse head =
          bucket.client().headObject(ask -> ask.bucket(bucket.name()).key(bucket.key(name)));
      return Optional.of(new Version(name, null, head.contentLength(), head.lastModified()));
    } catch (S3Exception e) {
      if (S3Failure.isMissing(e)) {
        return Optional.empty();
      }
      throw bucket.failure(name, "asking for", e);
    } catch (software.amazon.awssdk.core.exception.SdkException e) {
      throw bucket.failure(name, "asking for", e);
    }
  }

  private void listPlain(String prefix, Consumer<Version> visitor) {
    @Nullable String token = null;
    do {
      String from = token;
      ListObjectsV2Response page =
          bucket.call(
              null,
              "listing " + prefix,
              () ->
                  bucket
                      .client()
                      .listObjectsV2(
                          ask -> ask.bucket(bucket.name()).prefix(prefix).continuationToken(from)));
      page.contents()
          .forEach(
              o ->
                  bucket
                      .nameOf(o.key())
                      .map(name -> new Version(name, null, o.size(), o.lastModified()))
                      .ifPresent(visitor));
      token = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    } while (token != null);
  }

  /** Pages through versions until there are no more or {@code visitor} has seen enough. */
  private int pages(
      String prefix, int firstPage, java.util.function.Predicate<ListObjectVersionsResponse> more) {
    ListObjectVersionsRequest.Builder ask =
        ListObjectVersionsRequest.builder().bucket(bucket.name()).prefix(prefix);
    int size = firstPage;
    for (int pages = 1; ; pages++) {
      ListObjectVersionsRequest request = ask.maxKeys(size).build();
      ListObjectVersionsResponse page =
          bucket.call(
              null,
              "listing versions of " + prefix,
              () -> bucket.client().listObjectVersions(request));
      if (!more.test(page)
          || !Boolean.TRUE.equals(page.isTruncated())
          || (firstPage == FEW && pages > PAGES_MAX)) {
        return pages;
      }
      ask.keyMarker(page.nextKeyMarker()).versionIdMarker(page.nextVersionIdMarker());
      size = 1000;
    }
  }

  private Optional<Version> version(ObjectVersion version) {
    return bucket
        .nameOf(version.key())
        .map(
            name -> new Version(name, version.versionId(), version.size(), version.lastModified()));
  }

  private void remember(Version version) {
    synchronized (known) {
      known.put(version.name(), version);
    }
  }

  private String describe() {
    return bucket.settings().describe();
  }
}
