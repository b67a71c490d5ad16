package io.sendense.repository.s3;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the SDK's client: bounded, with deadlines, without retries of its own, TLS verified. */
final class Connection {
  private static final int CONNECTIONS_MAX = 64;
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private Connection() {}

  static S3Client to(S3Settings settings) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(http(settings))
            .credentialsProvider(credentials(settings))
            .forcePathStyle(!settings.virtualHosts())
            // Providers other than AWS know only checksums that the request's head carries.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                call ->
                    call.retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .apiCallTimeout(settings.patience()));
    if (settings.endpoint().isPresent()) {
      URI endpoint = settings.endpoint().get();
      return builder
          .endpointOverride(endpoint)
          .region(Region.of(settings.region().orElse("us-east-1")))
          .build();
    }
    if (settings.region().isPresent()) {
      return builder.region(Region.of(settings.region().get())).build();
    }
    return builder.region(Region.US_EAST_1).crossRegionAccessEnabled(true).build();
  }

  private static ApacheHttpClient.Builder http(S3Settings settings) {
    ApacheHttpClient.Builder http =
        ApacheHttpClient.builder()
            .maxConnections(CONNECTIONS_MAX)
            .connectionTimeout(CONNECT)
            .connectionAcquisitionTimeout(settings.patience())
            .socketTimeout(settings.patience())
            .expectContinueEnabled(true);
    settings
        .authorities()
        .ifPresent(
            file -> {
              TrustManager[] trusted = trust(file);
              http.tlsTrustManagersProvider(() -> trusted);
            });
    return http;
  }

  private static AwsCredentialsProvider credentials(S3Settings settings) {
    if (settings.credentials().isEmpty()) {
      DefaultCredentialsProvider.Builder usual = DefaultCredentialsProvider.builder();
      settings.profile().ifPresent(usual::profileName);
      return usual.build();
    }
    Path file = settings.credentials().get();
    if (!Files.isReadable(file)) {
      throw unreadable(file, null);
    }
    ProfileCredentialsProvider.Builder provider =
        ProfileCredentialsProvider.builder()
            .profileFile(
                ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build());
    settings.profile().ifPresent(provider::profileName);
    return provider.build();
  }

  private static TrustManager[] trust(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("authority-" + store.size(), certificate);
      }
      if (store.size() == 0) {
        throw new GeneralSecurityException("no certificate in it");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  private static SendenseException unreadable(
      Path file, @org.jspecify.annotations.Nullable Throwable why) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        file + " cannot be read" + (why == null ? "" : ": " + why.getMessage()),
        "Check the path, its owner and what is in it.",
        why);
  }
}
