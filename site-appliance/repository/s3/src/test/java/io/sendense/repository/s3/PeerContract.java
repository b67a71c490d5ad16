package io.sendense.repository.s3;

import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.ObjectStoreContract;
import io.sendense.testkit.s3.S3Peer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract on one bucket of a peer, each check below a prefix of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PeerContract extends ObjectStoreContract {
  private Buckets buckets;
  private String bucket = "";
  private int stores;

  abstract S3Peer peer(Path folder);

  abstract String make(Buckets on);

  @BeforeAll
  void start(@TempDir Path folder) {
    buckets = new Buckets(peer(folder));
    bucket = make(buckets);
  }

  @AfterAll
  void stop() {
    if (buckets != null) {
      buckets.close();
    }
  }

  @Override
  protected ObjectStore createStore() {
    stores++;
    return reopenStore();
  }

  @Override
  protected ObjectStore reopenStore() {
    return buckets.open(bucket, "site/store-" + stores);
  }
}
