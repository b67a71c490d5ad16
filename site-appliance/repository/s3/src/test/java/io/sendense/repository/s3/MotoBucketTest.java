package io.sendense.repository.s3;

import io.sendense.testkit.s3.S3Peer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("server")
class MotoBucketTest extends PeerContract {
  @Override
  S3Peer peer(Path folder) {
    return S3Peer.moto(folder);
  }

  @Override
  String make(Buckets on) {
    return on.withVersions();
  }

  @Override
  protected Map<String, String> notShownHere() {
    return Map.of(
        "the store's own checksum is that of the content",
        "moto keeps no checksum of a put and takes a wrong one; VersityGW shows it",
        "many objects of one folder are all listed",
        "moto takes minutes for it; VersityGW shows it");
  }
}
