package io.sendense.repository.azure;

import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.ObjectStoreContract;
import io.sendense.testkit.azure.AzuriteServer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Everything but locks and holds, which Azurite answers with 501. */
@Tag("server")
class AzuriteContractTest extends ObjectStoreContract {
  private static Optional<AzuriteServer> server = Optional.empty();
  private static int containers;

  private AzureStoreOptions options = options("none");

  @BeforeAll
  static void startServer() {
    server = Optional.of(AzuriteServer.start());
  }

  @AfterAll
  static void stopServer() {
    server.ifPresent(AzuriteServer::close);
  }

  @Override
  protected ObjectStore createStore() {
    options = options("c" + containers++ + "-test");
    new BlobContainerClientBuilder()
        .endpoint(options.endpoint().toString())
        .containerName(options.container())
        .credential(new StorageSharedKeyCredential(AzuriteServer.ACCOUNT, AzuriteServer.KEY))
        .buildClient()
        .create();
    return open();
  }

  @Override
  protected ObjectStore reopenStore() {
    return open();
  }

  private ObjectStore open() {
    return AzureObjectStore.open(
        options, new AzureCredential.SharedKey(AzuriteServer.ACCOUNT, AzuriteServer.KEY));
  }

  private static AzureStoreOptions options(String container) {
    return AzureStoreOptions.parse(
        "azblob://" + AzuriteServer.ACCOUNT + "/" + container + "/below/this",
        Map.of(
            AzureStoreOptions.ENDPOINT,
            server.map(s -> s.endpoint().toString()).orElse("https://none.example")));
  }
}
