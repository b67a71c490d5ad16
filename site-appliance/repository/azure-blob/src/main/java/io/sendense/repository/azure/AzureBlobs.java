package io.sendense.repository.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Configuration;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.sendense.repository.spi.ObjectName;
import java.time.Duration;
import java.util.Optional;

/** The container and how its blobs are named. */
final class AzureBlobs {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int ONE_TRY = 1;

  private final AzureStoreOptions options;
  private final BlobContainerClient container;

  AzureBlobs(AzureStoreOptions options, AzureCredential credential) {
    this.options = options;
    Duration request = options.request();
    HttpClient http =
        new JdkHttpClientBuilder()
            .connectionTimeout(CONNECT)
            .writeTimeout(request)
            .responseTimeout(request)
            .readTimeout(request)
            .configuration(
                options.endpoint().getScheme().equals("http")
                    ? Configuration.NONE
                    : Configuration.getGlobalConfiguration())
            .build();
    BlobContainerClientBuilder builder =
        new BlobContainerClientBuilder()
            .endpoint(options.endpoint().toString())
            .containerName(options.container())
            .httpClient(http)
            .retryOptions(
                new RequestRetryOptions(RetryPolicyType.FIXED, ONE_TRY, request, null, null, null));
    credential.applyTo(builder, http);
    this.container = builder.buildClient();
  }

  AzureStoreOptions options() {
    return options;
  }

  BlobContainerClient container() {
    return container;
  }

  BlobClient blob(ObjectName name) {
    return container.getBlobClient(options.prefix() + name.value());
  }

  /** The object's name; empty for a blob that somebody else put there. */
  Optional<ObjectName> name(String blob) {
    if (!blob.startsWith(options.prefix())) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ObjectName(blob.substring(options.prefix().length())));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }
}
