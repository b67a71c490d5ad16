package io.sendense.repository.s3;

import io.sendense.testkit.s3.S3Peer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Buckets of a peer, and somebody else's client to them. */
final class Buckets implements AutoCloseable {
  private final AtomicInteger count = new AtomicInteger();
  private final S3Peer peer;
  final S3Client client;

  Buckets(S3Peer peer) {
    this.peer = peer;
    client = Connection.to(settings("any", ""));
  }

  String plain() {
    String bucket = "plain-" + count.incrementAndGet();
    client.createBucket(ask -> ask.bucket(bucket));
    return bucket;
  }

  String withVersions() {
    String bucket = plain();
    versioning(bucket, BucketVersioningStatus.ENABLED);
    return bucket;
  }

  void versioning(String bucket, BucketVersioningStatus status) {
    client.putBucketVersioning(
        ask -> ask.bucket(bucket).versioningConfiguration(v -> v.status(status)));
  }

  String withLocks() {
    String bucket = "locks-" + count.incrementAndGet();
    client.createBucket(ask -> ask.bucket(bucket).objectLockEnabledForBucket(true));
    return bucket;
  }

  S3Settings settings(String bucket, String prefix) {
    return settings(bucket, prefix, Duration.ofSeconds(30));
  }

  S3Settings settings(String bucket, String prefix, Duration patience) {
    return new S3Settings(
        bucket,
        prefix,
        Optional.of(peer.endpoint()),
        Optional.empty(),
        false,
        peer.authority(),
        Optional.of(peer.credentials()),
        Optional.empty(),
        patience);
  }

  S3ObjectStore open(String bucket, String prefix) {
    return S3ObjectStore.open(settings(bucket, prefix));
  }

  @Override
  public void close() {
    client.close();
    peer.close();
  }
}
