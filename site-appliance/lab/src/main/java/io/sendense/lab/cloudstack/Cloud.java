package io.sendense.lab.cloudstack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** Everything there is. Its own lock guards all of it. */
final class Cloud {
  private static final int MAX_PAGE = 500;

  final Table zones = new Table();
  final Table clusters = new Table();
  final Table hosts = new Table();
  final Table pools = new Table();
  final Table domains = new Table();
  final Table accounts = new Table();
  final Table projects = new Table();
  final Table serviceOfferings = new Table();
  final Table diskOfferings = new Table();
  final Table networks = new Table();
  final Table osTypes = new Table();
  final Table vms = new Table();
  final Table volumes = new Table();
  final Table templates = new Table();
  final Table vmSnapshots = new Table();
  private int instances;
  private int macs;

  static Row row(String name) {
    return new Row().with("id", UUID.randomUUID().toString()).with("name", name);
  }

  Row zone() {
    return zones.all().iterator().next();
  }

  Row pool() {
    return pools.all().iterator().next();
  }

  /** The number that goes into the name of the next instance. */
  int nextInstance() {
    return ++instances;
  }

  String nextMac() {
    macs++;
    return String.format("02:00:00:00:%02x:%02x", macs >> 8, macs & 255);
  }

  /** Who is to own what a call makes: a project, an account by name and domain, or the caller. */
  Row owner(Call call) {
    if (call.optional("projectid").isPresent()) {
      return projects.require(call.command(), "projectid", call.get("projectid"));
    }
    if (call.optional("account").isPresent()) {
      String name = call.get("account");
      String domain = call.require("domainid");
      return accounts.where(a -> a.is("name", name) && a.is("domainid", domain)).stream()
          .findFirst()
          .orElseThrow(
              () ->
                  new LabError(
                      LabError.PARAMETER,
                      "Unable to find account by name " + name + " in domain id=" + domain));
    }
    return call.account();
  }

  /** The fields by which the API shows an owner. */
  static void own(Row row, Row owner) {
    if (owner.has("_project")) {
      row.with("projectid", owner.id()).with("project", owner.text("name"));
    } else {
      row.with("account", owner.text("name"));
    }
    row.with("domainid", owner.text("domainid")).with("domain", owner.text("domain"));
  }

  boolean owns(Row owner, Row row) {
    return owner.has("_project")
        ? row.is("projectid", owner.id())
        : row.is("account", owner.text("name"))
            && row.is("domainid", owner.text("domainid"))
            && !row.has("projectid");
  }

  /** As limits are enforced: ResourceAllocationException, 535. */
  void requireRoom(Row owner, String kind, Table of, long more) {
    long limit = owner.number("_" + kind + "limit");
    long used = of.where(row -> owns(owner, row) && !row.is("state", "Expunged")).size();
    if (limit >= 0 && used + more > limit) {
      throw new LabError(
          LabError.ALLOCATION,
          "Maximum amount of resources of Type = '%s' for %s Name = '%s' in Domain Id = %s is exceeded: Account Resource Limit = %d, Current Account Resource Amount = %d, Requested Resource Amount = %d."
              .formatted(
                  kind.equals("vm") ? "user_vm" : kind,
                  owner.has("_project") ? "Project" : "Account",
                  owner.text("name"),
                  owner.text("domainid"),
                  limit,
                  used,
                  more));
    }
  }

  /** What the caller may see: own things, those of a project, or all where it is an admin. */
  private boolean visible(Call call, Row row) {
    if (!row.has("domainid") || row.has("_public")) {
      return true;
    }
    String account = call.get("account");
    if (!account.isEmpty()
        && row.has("account")
        && !(row.is("account", account) && row.is("domainid", call.get("domainid")))) {
      return false;
    }
    String project = call.get("projectid");
    boolean everyProject = project.equals("-1");
    if (row.has("projectid") && !row.has("_project")) {
      boolean member = call.admin() || row.text("project").startsWith(call.account().text("name"));
      return member && (everyProject || row.is("projectid", project));
    }
    if (!project.isEmpty() && !everyProject) {
      return false;
    }
    boolean own = owns(call.account(), row);
    if (call.account().is("accounttype", 2)) {
      return own || (call.flag("listall") && below(row, call.account()));
    }
    return own || row.has("_project") || (call.admin() && call.flag("listall"));
  }

  private boolean below(Row row, Row account) {
    return (row.text("domain") + "/").startsWith(account.text("domain") + "/");
  }

  /** A page of a list: Programmer Guide, "Maximum Result Pages Returned". */
  Map<String, Object> list(Call call, String entry, Table table, Predicate<Row> wanted) {
    Predicate<Row> byId = row -> call.get("id").isEmpty() || row.is("id", call.get("id"));
    List<Row> found = table.where(row -> visible(call, row) && byId.test(row) && wanted.test(row));
    int size = MAX_PAGE;
    int page = 1;
    if (call.optional("pagesize").isPresent()) {
      size = Integer.parseInt(call.get("pagesize"));
      page = call.optional("page").map(Integer::parseInt).orElse(1);
      if (size > MAX_PAGE) {
        throw new LabError(
            LabError.PARAMETER, "Page size can't exceed max allowed page size value: " + MAX_PAGE);
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    List<Map<String, Object>> shown =
        found.stream()
            .skip((long) (page - 1) * size)
            .limit(size)
            .map(row -> shown(call, row))
            .toList();
    if (!shown.isEmpty()) {
      answer.put("count", found.size());
      answer.put(entry, shown);
    }
    return answer;
  }

  /** Some fields are for the admin only ("ResponseView.Full"). */
  static Map<String, Object> shown(Call call, Row row) {
    Map<String, Object> shown = row.shown();
    if (!call.admin()) {
      for (String name : List.of("instancename", "hostid", "hostname", "path", "storageid")) {
        shown.remove(name);
      }
    }
    return shown;
  }
}
