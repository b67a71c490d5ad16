package io.sendense.repository.s3;

import io.sendense.testkit.s3.S3Peer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("server")
class LockingBucketTest extends PeerContract {
  static final Map<String, String> FILES =
      Map.of(
          "an object and a folder may have the same name",
          "VersityGW keeps objects as files of a file system; moto shows it");

  @Override
  S3Peer peer(Path folder) {
    return S3Peer.versity(folder);
  }

  @Override
  String make(Buckets on) {
    return on.withLocks();
  }

  @Override
  protected Map<String, String> notShownHere() {
    return FILES;
  }
}
