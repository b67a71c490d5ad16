package io.sendense.connectors.cloudstack;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose machines are meant, and who owns what a restore makes: a project, an account of a domain,
 * or, where all are empty, the user of the keys.
 *
 * @param domainId of the account; given with it and only with it
 */
public record CloudStackScope(
    Optional<String> account, Optional<String> domainId, Optional<String> projectId) {
  public static final CloudStackScope OF_THE_KEYS =
      new CloudStackScope(Optional.empty(), Optional.empty(), Optional.empty());

  public CloudStackScope {
    if (account.isPresent() != domainId.isPresent()
        || (account.isPresent() && projectId.isPresent())) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "an owner is an account with its domain, or a project",
          "Give --account with --domain, or --project alone.");
    }
  }

  /**
   * The owner that people name.
   *
   * @param domain name, path or id; with an account only
   * @param project name or id
   * @throws SendenseException NOT_FOUND
   */
  public static CloudStackScope find(
      CloudStackClient client,
      Optional<String> account,
      Optional<String> domain,
      Optional<String> project) {
    return new CloudStackScope(
        account,
        domain.map(name -> id(client, "listDomains", "domain", name)),
        project.map(name -> id(client, "listProjects", "project", name)));
  }

  private static String id(CloudStackClient client, String command, String entry, String wanted) {
    return client.all(command, Map.of("listall", "true"), entry).stream()
        .filter(
            each ->
                each.text("id").equals(wanted)
                    || each.text("name").equals(wanted)
                    || each.text("path").equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.NOT_FOUND,
                    "CloudStack shows these keys no " + entry + " " + wanted,
                    "Give its name or id as CloudStack shows it."))
        .required("id");
  }

  /** As a call that makes something says who owns it. */
  Map<String, String> owner() {
    Map<String, String> owner = new LinkedHashMap<>();
    account.ifPresent(name -> owner.put("account", name));
    domainId.ifPresent(id -> owner.put("domainid", id));
    projectId.ifPresent(id -> owner.put("projectid", id));
    return owner;
  }

  /** As a list is asked for: without an owner, everything that the keys may see. */
  Map<String, String> listed() {
    Map<String, String> listed = owner();
    listed.put("listall", "true");
    if (listed.size() == 1) {
      listed.put("projectid", "-1");
    }
    return listed;
  }
}
