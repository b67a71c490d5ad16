package io.sendense.repository.azure;

import com.azure.core.credential.AzureSasCredential;
import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** By what the appliance is known to Azure. Never from a command line, and never shown. */
public sealed interface AzureCredential {
  /** A file that holds a shared access signature. */
  String SAS_FILE = "SENDENSE_AZURE_SAS_FILE";

  /** The account's key. */
  String KEY = "AZURE_STORAGE_KEY";

  /** A shared access signature. */
  record Sas(String signature) implements AzureCredential {
    @Override
    public String toString() {
      return "Sas";
    }
  }

  /** The account's own key. */
  record SharedKey(String account, String key) implements AzureCredential {
    @Override
    public String toString() {
      return "SharedKey of " + account;
    }
  }

  /** Entra ID: a service principal of the environment, a workload or a managed identity. */
  record Entra() implements AzureCredential {}

  /**
   * What the environment names: a signature's file, else a key, else Entra ID.
   *
   * @throws SendenseException NOT_FOUND, FORBIDDEN for a file that others may read
   */
  static AzureCredential of(String account, Map<String, String> environment) {
    String file = environment.getOrDefault(SAS_FILE, "");
    if (!file.isEmpty()) {
      return new Sas(read(Path.of(file)));
    }
    String key = environment.getOrDefault(KEY, "");
    return key.isEmpty() ? new Entra() : new SharedKey(account, key);
  }

  /** Gives a client its credential. */
  private static void apply(
      AzureCredential credential, BlobContainerClientBuilder builder, HttpClient http) {
    switch (credential) {
      case Sas sas -> builder.credential(new AzureSasCredential(sas.signature()));
      case SharedKey shared ->
          builder.credential(new StorageSharedKeyCredential(shared.account(), shared.key()));
      case Entra _ -> {
        TokenCredential token = new DefaultAzureCredentialBuilder().httpClient(http).build();
        builder.credential(token);
      }
    }
  }

  /** Gives a client this credential. */
  default void applyTo(BlobContainerClientBuilder builder, HttpClient http) {
    apply(this, builder, http);
  }

  private static String read(Path file) {
    Set<PosixFilePermission> ofOthers =
        EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(ofOthers::contains)) {
        throw new SendenseException(
            ErrorCode.FORBIDDEN,
            "the signature in " + file + " can be read or written by others than its owner",
            "Run chmod 600 " + file + " and issue a new signature.");
      }
      String text = Files.readString(file).strip();
      return text.startsWith("?") ? text.substring(1) : text;
    } catch (IOException | UnsupportedOperationException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND, "the file " + file + " cannot be read", "Check the path.", e);
    }
  }
}
