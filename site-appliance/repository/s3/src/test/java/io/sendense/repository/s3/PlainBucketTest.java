package io.sendense.repository.s3;

import io.sendense.testkit.s3.S3Peer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("server")
class PlainBucketTest extends PeerContract {
  @Override
  S3Peer peer(Path folder) {
    return S3Peer.versity(folder);
  }

  @Override
  String make(Buckets on) {
    return on.plain();
  }

  @Override
  protected Map<String, String> notShownHere() {
    return LockingBucketTest.FILES;
  }
}
