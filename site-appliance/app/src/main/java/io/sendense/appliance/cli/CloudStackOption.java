package io.sendense.appliance.cli;

import io.sendense.connectors.cloudstack.ApiKeys;
import io.sendense.connectors.cloudstack.CloudStackClient;
import io.sendense.connectors.cloudstack.CloudStackOptions;
import io.sendense.connectors.cloudstack.CloudStackScope;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which CloudStack is meant, and whose part of it. */
final class CloudStackOption {
  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "The API: https://HOST/client/api.")
  String url = "";

  @Option(
      names = "--api-keys",
      required = true,
      paramLabel = "FILE",
      description =
          "A file that only you may read, with the API key of a user on its first line and the"
              + " secret key on its second.")
  Path keys = Path.of("");

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Certificates in PEM to trust instead of the system's.")
  @Nullable Path ca;

  @Option(
      names = "--account",
      paramLabel = "NAME",
      description = "Only what this account owns; with --domain. Default: all that the keys see.")
  @Nullable String account;

  @Option(names = "--domain", paramLabel = "NAME|ID", description = "Domain of the account.")
  @Nullable String domain;

  @Option(names = "--project", paramLabel = "NAME|ID", description = "Only what this project owns.")
  @Nullable String project;

  CloudStackClient client(Surroundings surroundings) {
    return new CloudStackClient(
        CloudStackOptions.of(url, Optional.ofNullable(ca)),
        ApiKeys.read(keys),
        surroundings.clock());
  }

  CloudStackScope scope(CloudStackClient client) {
    return CloudStackScope.find(
        client,
        Optional.ofNullable(account),
        Optional.ofNullable(domain),
        Optional.ofNullable(project));
  }
}
